import pytest

from chat.aws.client import AwsClient
from chat.aws.client.environment import Credentials, Endpoint, is_path, read_region

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "id",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_REGION": "eu-west-1",
    "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": "https://abc.execute-api.eu-west-1.amazonaws.com/prod",
}


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("https://db.example.com", Endpoint(True, "db.example.com", 443, "db.example.com", "")),
        ("https://db.example.com:443/", Endpoint(True, "db.example.com", 443, "db.example.com", "")),
        ("http://localhost:4566/a/b", Endpoint(False, "localhost", 4566, "localhost:4566", "/a/b")),
        ("http://[::1]:4566", Endpoint(False, "::1", 4566, "[::1]:4566", "")),
        ("https://API.example.com/prod/", Endpoint(True, "api.example.com", 443, "api.example.com", "/prod")),
    ],
)
def test_endpoint_is_parsed(url: str, endpoint: Endpoint) -> None:
    assert Endpoint.from_url(url) == endpoint


@pytest.mark.parametrize(
    "url",
    [
        "localhost:4566",
        "ftp://example.com",
        "https://",
        "https://a b.com",
        "https://user@example.com",
        "https://example.com/?a=b",
        "https://example.com/#a",
        "https://example.com/a b",
        "https://example.com:port",
    ],
)
def test_what_is_no_endpoint_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"endpoint|port"):
        Endpoint.from_url(url)


@pytest.mark.parametrize(
    ("service", "region", "environment", "host"),
    [
        ("dynamodb", "eu-west-1", {}, "dynamodb.eu-west-1.amazonaws.com"),
        ("dynamodb", "cn-north-1", {}, "dynamodb.cn-north-1.amazonaws.com.cn"),
        ("dynamodb", "eu-west-1", {"AWS_ENDPOINT_URL": "http://all"}, "all"),
        ("dynamodb", "eu-west-1", {"AWS_ENDPOINT_URL": "http://all", "AWS_ENDPOINT_URL_DYNAMODB": "http://one"}, "one"),
        ("apigatewaymanagementapi", "eu-west-1", {"AWS_ENDPOINT_URL": "http://all"}, "all"),
        ("lambda", "eu-west-1", {}, "lambda.eu-west-1.amazonaws.com"),
        ("lambda", "cn-north-1", {}, "lambda.cn-north-1.amazonaws.com.cn"),
        ("lambda", "eu-west-1", {"AWS_ENDPOINT_URL_LAMBDA": "http://one"}, "one"),
    ],
)
def test_endpoint_comes_from_the_most_specific_setting(
    service: str, region: str, environment: dict[str, str], host: str
) -> None:
    assert Endpoint.from_environment(service, region, environment).host == host


@pytest.mark.parametrize("service", ["dynamodb", "lambda"])
def test_a_default_endpoint_has_tls(service: str) -> None:
    assert Endpoint.from_environment(service, "eu-west-1", {}).is_tls


@pytest.mark.parametrize("variable", ENVIRONMENT)
@pytest.mark.parametrize("is_empty", [True, False])
def test_a_missing_setting_is_named_at_construction(variable: str, is_empty: bool) -> None:
    environment = dict(ENVIRONMENT)
    if is_empty:
        environment[variable] = ""
    else:
        del environment[variable]

    with pytest.raises(ValueError, match=variable):
        AwsClient.from_environment("apigatewaymanagementapi", environment)


def test_a_client_is_built_with_no_event_loop_running() -> None:
    AwsClient.from_environment("apigatewaymanagementapi", ENVIRONMENT, max_connections=1)


def test_region_falls_back_to_the_default_region() -> None:
    assert read_region({"AWS_DEFAULT_REGION": "eu-west-2"}) == "eu-west-2"
    assert read_region({"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"}) == "eu-west-1"


def test_an_empty_session_token_counts_as_none() -> None:
    assert Credentials.from_environment(ENVIRONMENT | {"AWS_SESSION_TOKEN": ""}).session_token is None
    assert Credentials.from_environment(ENVIRONMENT | {"AWS_SESSION_TOKEN": "t"}).session_token == "t"


@pytest.mark.parametrize("path", ["/", "/a", "/a/", "/@connections/abc%3D", "/a.b/..c/d..", "/%2e"])
def test_path_is_accepted(path: str) -> None:
    assert is_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "a",
        "//",
        "/a//b",
        "/.",
        "/..",
        "/a/../b",
        "/a/./b",
        "/a b",
        "/a\r\nb",
        "/a\n",
        "/a?b",
        "/a#b",
        "/%",
        "/%4",
        "/é",
    ],
)
def test_path_is_refused(path: str) -> None:
    assert not is_path(path)
