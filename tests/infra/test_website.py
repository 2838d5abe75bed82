"""The web app's hosting: who may read the files, what browsers are told, how long what is cached."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from aws_cdk import App, Environment
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from chat_stack import ChatAuth, ChatStack, WebsiteStack
from local_aws.website import CONTENT_SECURITY_POLICY, HEADERS
from tests.infra.findings import find_findings
from tests.infra.synthesis import Template, name_of, read_template, render
from tests.infra.websites import build, config_of, deployments_of, distribution_of, fill, headers_of, read_sources

# The files


def test_nobody_reads_the_bucket_but_the_distribution(website: Template) -> None:
    bucket = website.resource("WebsiteFiles")
    assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
    (rule,) = bucket["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    statements = website.resource("WebsiteFilesPolicy")["Properties"]["PolicyDocument"]["Statement"]
    readers = [each for each in statements if each["Effect"] == "Allow" and "s3:GetObject" in each["Action"]]
    assert [(each["Action"], each["Principal"]) for each in readers] == [
        ("s3:GetObject", {"Service": "cloudfront.amazonaws.com"})
    ]
    source = render(readers[0]["Condition"]["StringEquals"]["AWS:SourceArn"])
    assert source.endswith(":distribution/<WebsiteDistribution>")


def test_nobody_reaches_the_bucket_without_tls(website: Template) -> None:
    statements = website.resource("WebsiteFilesPolicy")["Properties"]["PolicyDocument"]["Statement"]
    (denied,) = [each for each in statements if each["Effect"] == "Deny"]
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert (denied["Action"], denied["Principal"]) == ("s3:*", {"AWS": "*"})


def test_the_distribution_signs_what_it_asks_the_bucket_for(website: Template) -> None:
    (control,) = website.resources("AWS::CloudFront::OriginAccessControl").values()
    assert control["OriginAccessControlConfig"]["SigningBehavior"] == "always"
    files = distribution_of(website)["Origins"][0]
    assert files["OriginAccessControlId"] is not None
    assert files["S3OriginConfig"] == {"OriginAccessIdentity": ""}


def test_the_bucket_goes_with_the_website(website: Template) -> None:
    assert website.resource("WebsiteFiles")["DeletionPolicy"] == "Delete"
    assert len(website.resources("Custom::S3AutoDeleteObjects")) == 1


def test_hashed_files_are_cached_for_ever_and_stay(website: Template) -> None:
    hashed = deployments_of(website)["WebsiteHashedFilesCustomResource"]
    assert read_sources(website, "WebsiteHashedFilesCustomResource") == {"app-1a.js": "built assets/app-1a.js"}
    assert hashed["DestinationBucketKeyPrefix"] == "assets"
    assert hashed["SystemMetadata"] == {"cache-control": "public, max-age=31536000, immutable"}
    assert hashed["Prune"] is False


def test_all_others_are_asked_for_each_time_and_follow_the_hashed_ones(website: Template) -> None:
    others = deployments_of(website)["WebsiteOtherFilesCustomResource"]
    names = {"index.html", "sw.js", "manifest.webmanifest", "icons/icon.png", "config.json"}
    assert read_sources(website, "WebsiteOtherFilesCustomResource").keys() == names
    assert others["SystemMetadata"] == {"cache-control": "no-cache"}
    assert (others["Prune"], others["Exclude"]) == (True, ["assets/*"])
    assert render(others["DistributionId"]) == "<WebsiteDistribution>"
    assert others["DistributionPaths"] == sorted(f"/{name}" for name in names)
    depends_on = website.resource("WebsiteOtherFilesCustomResource")["DependsOn"]
    assert "WebsiteHashedFilesCustomResource" in map(name_of, depends_on)


# config.json


def test_config_tells_how_users_of_cognito_sign_in(website: Template) -> None:
    assert config_of(website) == {
        "ticketUrl": "/ticket",
        "auth": "cognito",
        "cognito": {
            "endpoint": "https://cognito-idp.<AWS::Region>.amazonaws.com/",
            "clientId": "<ChatUsersClient>",
        },
        "selfSignUp": False,
    }


@pytest.mark.parametrize(
    ("auth", "kind"), [(ChatAuth.guest(), "guest"), (ChatAuth.jwt("https://login.example.com", ["client"]), "jwt")]
)
def test_config_tells_how_everybody_else_does(auth: ChatAuth, kind: str, built_app: Path, tmp_path: Path) -> None:
    config = config_of(build(tmp_path, built_app, auth, self_sign_up=True))
    assert config == {"ticketUrl": "/ticket", "auth": kind, "selfSignUp": False}


def test_users_may_register_where_the_website_offers_it(built_app: Path, tmp_path: Path) -> None:
    template = build(tmp_path, built_app, ChatAuth.cognito(self_sign_up=True), self_sign_up=True)
    assert config_of(template)["selfSignUp"] is True


# CloudFront


def test_security_headers_are_those_of_the_local_run_and_https(named: Template) -> None:
    headers = headers_of(named)
    del headers["Content-Security-Policy"]
    assert headers == {**HEADERS, "Strict-Transport-Security": "max-age=31536000"}


def test_pages_talk_to_their_own_origin_the_chat_and_cognito_alone(website: Template, named: Template) -> None:
    chat = "wss://<ChatApi>.execute-api.<AWS::Region>.<AWS::URLSuffix>"
    cognito = "https://cognito-idp.<AWS::Region>.amazonaws.com"
    for template, endpoints in ((website, f"{chat} {cognito}"), (named, chat)):
        expected = CONTENT_SECURITY_POLICY.format(endpoints=endpoints)
        assert headers_of(template)["Content-Security-Policy"] == expected


def test_every_answer_has_the_headers(website: Template) -> None:
    config = distribution_of(website)
    for behavior in (config["DefaultCacheBehavior"], *config["CacheBehaviors"]):
        assert render(behavior["ResponseHeadersPolicyId"]) == "<WebsiteHeaders>"


def test_tickets_are_of_the_same_origin_and_never_cached(website: Template) -> None:
    config = distribution_of(website)
    (ticket,) = config["CacheBehaviors"]
    (origin,) = [each for each in config["Origins"] if each["Id"] == ticket["TargetOriginId"]]
    assert ticket["PathPattern"] == "/ticket"
    assert fill(website, origin["DomainName"]) == "<ChatTicketApi>.execute-api.<AWS::Region>.<AWS::URLSuffix>"
    assert origin["CustomOriginConfig"] == {"OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"]}
    assert "POST" in ticket["AllowedMethods"]
    assert ticket["ViewerProtocolPolicy"] == "https-only"
    # AWS's own policies: CachingDisabled, AllViewerExceptHostHeader.
    assert ticket["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert ticket["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/", "/index.html"),
        ("/rooms/lobby", "/index.html"),
        ("/v1.2/rooms", "/index.html"),
        ("/sw.js", "/sw.js"),
        ("/assets/app-1a.js", "/assets/app-1a.js"),
        ("/config.json", "/config.json"),
    ],
)
def test_every_path_of_the_app_is_its_page(website: Template, path: str, file: str) -> None:
    (function,) = website.resources("AWS::CloudFront::Function").values()
    call = f"console.log(handler({{request: {{uri: {json.dumps(path)}}}}}).uri)"
    run = subprocess.run(["node", "-e", function["FunctionCode"] + call], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == file


def test_the_page_takes_the_place_of_no_ticket(website: Template) -> None:
    config = distribution_of(website)
    assert "CustomErrorResponses" not in config
    assert [each["EventType"] for each in config["DefaultCacheBehavior"]["FunctionAssociations"]] == ["viewer-request"]
    assert "FunctionAssociations" not in config["CacheBehaviors"][0]


def test_pages_come_over_https_and_new_versions_of_http(website: Template) -> None:
    config = distribution_of(website)
    assert config["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    assert (config["HttpVersion"], config["IPV6Enabled"]) == ("http2and3", True)
    assert website.body["Outputs"].keys() == {"WebsiteUrl"}
    assert render(website.body["Outputs"]["WebsiteUrl"]["Value"]) == "https://<WebsiteDistribution.DomainName>/"


# The template as a whole


def test_the_chat_needs_nothing_of_its_website(website: Template) -> None:
    body = read_template(website.assembly, "ChatStack").body
    assert "GetStackOutput" not in json.dumps(body)
    assert "ImportValue" not in json.dumps(body)


def test_the_template_is_as_recorded(website: Template, snapshot: SnapshotAssertion) -> None:
    body = json.loads(re.sub(r"[0-9a-f]{64}", "<hash>", json.dumps(website.body)))
    assert body == snapshot(extension_class=JSONSnapshotExtension)


def test_cfn_lint_finds_nothing(website: Template, named: Template) -> None:
    lint = Path(sys.executable).with_name("cfn-lint")
    files = [website.assembly / "Website.template.json", named.assembly / "Stack.template.json"]
    # CDK lets each function depend on its role, which W3005 calls redundant.
    options = ["--ignore-checks", "W3005", "--regions", "us-east-1"]
    run = subprocess.run([lint, *files, *options], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "")


@pytest.mark.parametrize("env", [None, Environment(account="111111111111", region="eu-west-1")])
def test_cdk_nag_finds_nothing(env: Environment | None, built_app: Path, tmp_path: Path) -> None:
    def add_both(app: App) -> None:
        chat = ChatStack(app, "ChatStack", env=env)
        WebsiteStack(app, "Website", chat=chat.chat, auth=chat.auth, website={"source": built_app}, env=env)

    assert find_findings(add_both, tmp_path) == []
