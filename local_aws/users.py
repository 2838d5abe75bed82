"""The users of a local run with Cognito."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient

USERS = ("ada@example.com", "grace@example.com")
# The first of them moderates.
MODERATORS = "moderators"
# No secret: whoever can reach a local run could as well read it here.
PASSWORD = "Local-Run-Only-1"  # noqa: S105


def create_users(cognito: CognitoIdentityProviderClient, user_pool_id: str) -> None:
    """Create the users, who can sign in at once; those who are there already stay."""
    for user in USERS:
        try:
            cognito.admin_create_user(
                UserPoolId=user_pool_id,
                Username=user,
                MessageAction="SUPPRESS",
                UserAttributes=[
                    {"Name": "email", "Value": user},
                    {"Name": "email_verified", "Value": "true"},
                    {"Name": "name", "Value": user.partition("@")[0].title()},
                ],
            )
        except cognito.exceptions.UsernameExistsException:
            continue
        cognito.admin_set_user_password(UserPoolId=user_pool_id, Username=user, Password=PASSWORD, Permanent=True)
    with suppress(cognito.exceptions.GroupExistsException):
        cognito.create_group(UserPoolId=user_pool_id, GroupName=MODERATORS)
    cognito.admin_add_user_to_group(UserPoolId=user_pool_id, Username=USERS[0], GroupName=MODERATORS)
