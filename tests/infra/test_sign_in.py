"""Who may chat: what guards `POST /ticket`, and from which pages it may be asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_cognito as cognito

from chat_stack import ChatAuth, WebSocketChat
from tests.infra.synthesis import Template, render, synthesise


def build(outdir: Path, auth: ChatAuth, **props: Any) -> Template:
    def add_chat(app: App) -> Stack:
        stack = Stack(app, "Stack")
        WebSocketChat(stack, "Chat", auth=auth, **props)
        return stack

    return synthesise(add_chat, outdir)


def test_a_chat_is_told_how_its_users_sign_in(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="auth"):
        WebSocketChat(Stack(App(outdir=str(tmp_path)), "Stack"), "Chat")  # type: ignore[call-arg]


def test_a_ticket_takes_a_token_of_the_pools_client(template: Template) -> None:
    (route,) = template.of_api("AWS::ApiGatewayV2::Route", "ChatTicketApi").values()
    ((name, authorizer),) = template.resources("AWS::ApiGatewayV2::Authorizer").items()
    assert (route["RouteKey"], route["AuthorizationType"]) == ("POST /ticket", "JWT")
    assert render(route["AuthorizerId"]) == f"<{name}>"
    assert render(authorizer["JwtConfiguration"]["Issuer"]).endswith("/<ChatUsers>")
    assert [render(client) for client in authorizer["JwtConfiguration"]["Audience"]] == ["<ChatUsersClient>"]


def test_the_pool_is_kept_and_lets_nobody_register(template: Template) -> None:
    pool = template.resource("ChatUsers")
    assert pool["DeletionPolicy"] == "Retain"
    assert pool["Properties"]["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert pool["Properties"]["Policies"]["PasswordPolicy"]["MinimumLength"] == 12
    client = template.resource("ChatUsersClient")["Properties"]
    assert "GenerateSecret" not in client
    assert client["PreventUserExistenceErrors"] == "ENABLED"


def test_a_given_pool_is_used_and_none_is_made(tmp_path: Path) -> None:
    def add_chat(app: App) -> Stack:
        stack = Stack(app, "Stack")
        pool = cognito.UserPool(stack, "Mine")
        WebSocketChat(stack, "Chat", auth=ChatAuth.cognito(pool, pool.add_client("Client")))
        return stack

    template = synthesise(add_chat, tmp_path)
    assert template.resources("AWS::Cognito::UserPool").keys() == {"Mine"}
    assert template.resources("AWS::Cognito::UserPoolClient").keys() == {"MineClient"}


def test_groups_stand_in_the_claim_of_each_way_to_sign_in() -> None:
    assert ChatAuth.cognito().groups_claim == "cognito:groups"
    assert ChatAuth.jwt("https://login.example.com", ["client"]).groups_claim == "groups"
    assert ChatAuth.jwt("https://login.example.com", ["client"], groups_claim="teams").groups_claim == "teams"
    assert ChatAuth.guest().groups_claim == ""


def test_guests_need_no_token(tmp_path: Path) -> None:
    template = build(tmp_path, ChatAuth.guest())
    (route,) = template.of_api("AWS::ApiGatewayV2::Route", "ChatTicketApi").values()
    assert route["AuthorizationType"] == "NONE"
    assert template.resources("AWS::ApiGatewayV2::Authorizer") == {}


def test_no_page_of_another_origin_gets_a_ticket(template: Template) -> None:
    assert "CorsConfiguration" not in template.resource("ChatTicketApi")["Properties"]


def test_allowed_pages_and_no_others_get_a_ticket(tmp_path: Path) -> None:
    template = build(tmp_path, ChatAuth.guest(), allowed_origins=["https://chat.example.com"])
    assert template.resource("ChatTicketApi")["Properties"]["CorsConfiguration"] == {
        "AllowOrigins": ["https://chat.example.com"],
        "AllowMethods": ["POST"],
        "AllowHeaders": ["authorization", "content-type"],
        "MaxAge": 7_200,
    }


def test_the_ticket_stage_is_throttled_and_logs_neither_query_nor_body(template: Template) -> None:
    stage = template.resource("ChatTicketStage")["Properties"]
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] == 5_000
    assert stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] == 2_500
    fields = json.loads(stage["AccessLogSettings"]["Format"])
    for variable in fields.values():
        assert not any(word in variable.lower() for word in ("query", "path", "header", "body", "claims"))


@pytest.mark.parametrize("issuer", ["", "login.example.com", "http://login.example.com"])
def test_an_issuer_is_an_https_url(issuer: str) -> None:
    with pytest.raises(ValueError, match="issuer must be an https URL, got"):
        ChatAuth.jwt(issuer, ["client"])


@pytest.mark.parametrize("audience", [[], "client"])
def test_an_audience_is_a_list(audience: Any) -> None:
    with pytest.raises(ValueError, match="audience must be a list of one or more client ids, got"):
        ChatAuth.jwt("https://login.example.com", audience)


def test_a_claim_has_a_name() -> None:
    with pytest.raises(ValueError, match=r"groups_claim must be one word, without spaces.*, got ''"):
        ChatAuth.jwt("https://login.example.com", ["client"], groups_claim="")


def test_a_client_without_its_pool_is_refused(tmp_path: Path) -> None:
    stack = Stack(App(outdir=str(tmp_path)), "Stack")
    client = cognito.UserPoolClient.from_user_pool_client_id(stack, "Client", "abc")
    with pytest.raises(ValueError, match="user_pool_client needs the user_pool"):
        ChatAuth.cognito(user_pool_client=client)
