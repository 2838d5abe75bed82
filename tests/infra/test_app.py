"""The app of this repository: its options, and what the stack adds to the construct."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App

import app as chat_app
from app import add_stack
from chat_stack import ChatStack
from tests.infra.synthesis import Template, render, synthesise


def _synthesise(outdir: Path, **options: Any) -> Template:
    def build(app: App) -> ChatStack:
        for name, value in options.items():
            app.node.set_context(name, value)
        return add_stack(app)

    return synthesise(build, outdir)


def test_without_options_it_is_the_default(template: Template, tmp_path: Path) -> None:
    body = _synthesise(tmp_path).body
    assert body.pop("Description") == "A serverless chat over WebSockets."
    assert body == template.body


def test_options_from_the_command_line_are_strings(tmp_path: Path) -> None:
    template = _synthesise(
        tmp_path,
        stack_name="Mine",
        stage_name="v1",
        message_retention_days="30",
        memory_size="1024",
        architecture="x86_64",
        rooms_removal_policy="destroy",
        throttling_rate_limit="100",
        throttling_burst_limit="50",
        moderator_group="moderators",
        room_access_claim="rooms",
    )
    function = template.resource("ChatMessage")["Properties"]
    assert function["MemorySize"] == 1_024
    assert function["Architectures"] == ["x86_64"]
    variables = function["Environment"]["Variables"]
    assert variables["MESSAGE_RETENTION_S"] == "2592000"
    assert (variables["MODERATOR_GROUP"], variables["ROOM_ACCESS_CLAIM"]) == ("moderators", "rooms")
    assert template.resource("ChatRooms")["DeletionPolicy"] == "Delete"
    stage = template.resource("ChatStage")["Properties"]
    assert stage["StageName"] == "v1"
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] == 100
    assert stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] == 50


def test_each_limit_is_an_option(tmp_path: Path) -> None:
    limits = {
        "max_frame_bytes": "2048",
        "max_text_bytes": "101",
        "max_room_name_length": "102",
        "max_rooms_per_connection": "33",
        "max_connections_per_user": "34",
        "max_sends_per_second": "105",
        "max_send_burst": "106",
        "max_joins_per_second": "107",
        "max_join_burst": "108",
    }
    variables = _synthesise(tmp_path, **limits).resource("ChatMessage")["Properties"]["Environment"]["Variables"]
    assert {name: variables[name.upper()] for name in limits} == limits


@pytest.mark.parametrize("auth", ["cognito", "jwt", "guest"])
def test_the_table_has_every_option(auth: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"auth": auth, "jwt_issuer": "https://login.example.com/", "jwt_audience": "one"}
    read = set()

    def note(app: App, name: str, convert: Callable[[str], Any]) -> Any:
        read.add(name)
        return convert(given[name]) if name in given else None

    monkeypatch.setattr(chat_app, "_read", note)
    add_stack(App(outdir=str(tmp_path)))
    rows = set(re.findall(r"^\| (\w+) ", chat_app.__doc__ or "", re.MULTILINE))
    assert read <= rows


def test_options_from_cdk_json_may_be_numbers_and_booleans(tmp_path: Path) -> None:
    template = _synthesise(tmp_path, memory_size=1_024, cloudwatch_role=True)
    assert template.resource("ChatMessage")["Properties"]["MemorySize"] == 1_024
    assert template.resources("AWS::ApiGateway::Account") != {}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("memory_size", "lots", "context memory_size must be a whole number, got 'lots'"),
        ("message_retention_days", "-1", "context message_retention_days must be a whole number, got '-1'"),
        ("architecture", "mips", "context architecture must be arm64 or x86_64, got 'mips'"),
        ("rooms_removal_policy", "burn", "context rooms_removal_policy must be retain or destroy, got 'burn'"),
        ("cloudwatch_role", "perhaps", "context cloudwatch_role must be true or false, got 'perhaps'"),
        ("auth", "none", "context auth must be cognito or jwt or guest, got 'none'"),
        ("self_sign_up", "maybe", "context self_sign_up must be true or false, got 'maybe'"),
        ("allowed_origins", "*", "allowed_origins must be origins such as https://chat.example.com, got '*'"),
        ("max_join_burst", "many", "context max_join_burst must be a whole number, got 'many'"),
        ("max_send_burst", "0", "max_send_burst must be a whole number between 1 and 1000, got 0"),
        ("memory_size", "64", "memory_size must be a whole number between 128 and 10240, got 64"),
    ],
)
def test_a_bad_option_is_refused(name: str, value: str, message: str, tmp_path: Path) -> None:
    app = App(context={name: value}, outdir=str(tmp_path))
    with pytest.raises(ValueError, match=re.escape(message)):
        add_stack(app)


def test_users_sign_in_as_the_options_say(tmp_path: Path) -> None:
    guest = _synthesise(tmp_path / "guest", auth="guest", allowed_origins="https://a.example.com https://b.example.com")
    variables = guest.resource("ChatTicket")["Properties"]["Environment"]["Variables"]
    assert variables["SIGN_IN"] == "guest"
    assert variables["ALLOWED_ORIGINS"] == "https://a.example.com https://b.example.com"
    assert "UserPoolId" not in guest.body["Outputs"]
    jwt = _synthesise(tmp_path / "jwt", auth="jwt", jwt_issuer="https://login.example.com/", jwt_audience="one two")
    assert jwt.resource("ChatTicket")["Properties"]["Environment"]["Variables"]["GROUPS_CLAIM"] == "groups"
    (authorizer,) = jwt.resources("AWS::ApiGatewayV2::Authorizer").values()
    assert authorizer["JwtConfiguration"] == {"Issuer": "https://login.example.com/", "Audience": ["one", "two"]}
    open_pool = _synthesise(tmp_path / "open", self_sign_up="true")
    assert open_pool.resource("ChatUsers")["Properties"]["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": False}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"jwt_audience": "one"}, "issuer must be an https URL, got ''"),
        ({"jwt_issuer": "https://login.example.com/"}, "audience must be a list of one or more client ids, got []"),
    ],
)
def test_a_provider_that_is_half_named_is_refused(options: dict[str, str], message: str, tmp_path: Path) -> None:
    app = App(context={"auth": "jwt", **options}, outdir=str(tmp_path))
    with pytest.raises(ValueError, match=re.escape(message)):
        add_stack(app)


def test_the_accounts_log_role_is_set_on_demand_alone(template: Template, tmp_path: Path) -> None:
    assert template.resources("AWS::ApiGateway::Account") == {}
    with_role = _synthesise(tmp_path, cloudwatch_role="true")
    (account,) = with_role.resources("AWS::ApiGateway::Account").values()
    assert render(account["CloudWatchRoleArn"]) == "<ApiGatewayLogsRole.Arn>"
    # API Gateway refuses a stage with access logs before the setting is there.
    assert "ApiGatewayAccount" in with_role.resource("ChatStage")["DependsOn"]
    # Other APIs of the account write their logs through it.
    assert with_role.resource("ApiGatewayAccount")["DeletionPolicy"] == "Retain"
    assert with_role.resource("ApiGatewayLogsRole")["DeletionPolicy"] == "Retain"


def test_outputs_have_stable_names(template: Template) -> None:
    outputs = {name: render(output["Value"]) for name, output in template.body["Outputs"].items()}
    host = "<ChatApi>.execute-api.<AWS::Region>.<AWS::URLSuffix>"
    ticket_host = "<ChatTicketApi>.execute-api.<AWS::Region>.<AWS::URLSuffix>"
    assert outputs == {
        "TicketUrl": f"https://{ticket_host}/ticket",
        "UserPoolId": "<ChatUsers>",
        "UserPoolClientId": "<ChatUsersClient>",
        "WebSocketUrl": f"wss://{host}/chat",
        "CallbackUrl": f"https://{host}/chat",
        "ConnectionsTableName": "<ChatConnections>",
        "RoomsTableName": "<ChatRooms>",
        "PublishFunctionName": "<ChatPublish>",
    }
