"""Who may chat. Never open by default: a chat is told how its users sign in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from aws_cdk import RemovalPolicy
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from chat_stack.findings import acknowledge
from chat_stack.props import check_words


class ChatAuth(ABC):
    """How users sign in, before they get a ticket to connect with.

    Attributes:
        sign_in: what the functions are told: "jwt" where API Gateway verifies a token, "guest" where anybody may come.
        groups_claim: the claim of the token that has the user's groups; empty where there is no token.
    """

    sign_in = "jwt"
    groups_claim = ""

    @staticmethod
    def cognito(
        user_pool: cognito.IUserPool | None = None,
        user_pool_client: cognito.IUserPoolClient | None = None,
        *,
        self_sign_up: bool = False,
    ) -> CognitoAuth:
        """Let the users of a Cognito user pool in. Given to two chats, both have the same users.

        Args:
            user_pool: the pool. One is made, and kept when the chat is deleted.
            user_pool_client: the client that users sign in with. One is made in the pool.
            self_sign_up: whether anybody may register in a pool that is made. Only an administrator makes users.

        Raises:
            ValueError: there is a client, and no pool that it belongs to.
        """
        if user_pool_client and not user_pool:
            raise ValueError("user_pool_client needs the user_pool that it belongs to: give both, or neither")
        return CognitoAuth(user_pool, user_pool_client, self_sign_up=self_sign_up)

    @staticmethod
    def jwt(issuer: str, audience: Sequence[str], *, groups_claim: str = "groups") -> ChatAuth:
        """Let whoever has a token of an OpenID provider in.

        Args:
            issuer: the provider's URL, as in the token's `iss`.
            audience: the client ids, of which one stands in the token's `aud` or `client_id`.
            groups_claim: the claim that has the user's groups, for the chat's `moderator_group`. `groups`.

        Raises:
            ValueError: the issuer is no https URL, there is no audience, or the claim has no name.
        """
        return JwtAuth(issuer, audience, groups_claim)

    @staticmethod
    def guest() -> ChatAuth:
        """Let anybody in, under any name. For demonstrations and local runs."""
        return GuestAuth()

    @abstractmethod
    def create_authorizer(self, scope: Construct) -> apigatewayv2.IHttpRouteAuthorizer | None:
        """Create what guards `POST /ticket`; None where nothing does."""


class CognitoAuth(ChatAuth):
    """Sign-in with Cognito.

    Attributes:
        user_pool: the pool; one that is made is there once the chat is.
        user_pool_client: the client, likewise.
    """

    groups_claim = "cognito:groups"

    def __init__(
        self,
        user_pool: cognito.IUserPool | None,
        user_pool_client: cognito.IUserPoolClient | None,
        *,
        self_sign_up: bool,
    ) -> None:
        self.user_pool = user_pool
        self.user_pool_client = user_pool_client
        self._self_sign_up = self_sign_up

    def create_authorizer(self, scope: Construct) -> apigatewayv2.IHttpRouteAuthorizer:
        """Verify the pool's tokens."""
        pool = self.user_pool = self.user_pool or _create_pool(scope, self_sign_up=self._self_sign_up)
        client = self.user_pool_client = self.user_pool_client or _create_client(scope, pool)
        return authorizers.HttpUserPoolAuthorizer("SignIn", pool, user_pool_clients=[client])


class JwtAuth(ChatAuth):
    """Sign-in with any OpenID provider."""

    def __init__(self, issuer: str, audience: Sequence[str], groups_claim: str) -> None:
        if not issuer.startswith("https://"):
            raise ValueError(f"issuer must be an https URL, got {issuer!r}")
        if isinstance(audience, str) or not audience:
            raise ValueError(f"audience must be a list of one or more client ids, got {audience!r}")
        check_words(groups_claim=groups_claim)
        self._issuer = issuer
        self._audience = list(audience)
        self.groups_claim = groups_claim

    def create_authorizer(self, scope: Construct) -> apigatewayv2.IHttpRouteAuthorizer:  # noqa: ARG002
        """Verify the provider's tokens."""
        return authorizers.HttpJwtAuthorizer("SignIn", self._issuer, jwt_audience=self._audience)


class GuestAuth(ChatAuth):
    """No sign-in."""

    sign_in = "guest"

    def create_authorizer(self, scope: Construct) -> None:
        """Verify nothing."""
        acknowledge(scope, "AwsSolutions-APIG4", "Guests were let in on purpose: ChatAuth.guest().")


def _create_pool(scope: Construct, *, self_sign_up: bool) -> cognito.UserPool:
    pool = cognito.UserPool(
        scope,
        "Users",
        self_sign_up_enabled=self_sign_up,
        sign_in_aliases=cognito.SignInAliases(email=True),
        auto_verify=cognito.AutoVerifiedAttrs(email=True),
        standard_attributes=cognito.StandardAttributes(
            email=cognito.StandardAttribute(required=True, mutable=True),
            fullname=cognito.StandardAttribute(required=False, mutable=True),
        ),
        password_policy=cognito.PasswordPolicy(
            min_length=12, require_lowercase=True, require_uppercase=True, require_digits=True, require_symbols=True
        ),
        mfa=cognito.Mfa.OPTIONAL,
        mfa_second_factor=cognito.MfaSecondFactor(sms=False, otp=True),
        account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
        removal_policy=RemovalPolicy.RETAIN,
    )
    acknowledge(pool, "AwsSolutions-COG2", "A second factor is the user's choice: chats are not banks.")
    acknowledge(pool, "AwsSolutions-COG3", "Threat protection is a paid plan of Cognito; the account's owner decides.")
    acknowledge(pool, "AwsSolutions-COG8", "The Plus plan costs by user; the account's owner decides.")
    return pool


def _create_client(scope: Construct, pool: cognito.IUserPool) -> cognito.UserPoolClient:
    return cognito.UserPoolClient(
        scope,
        "UsersClient",
        user_pool=pool,
        auth_flows=cognito.AuthFlow(user_srp=True, user_password=True),
        disable_o_auth=True,
        prevent_user_existence_errors=True,
    )
