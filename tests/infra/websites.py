"""Building a website, and reading what its template says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from aws_cdk import App, Stack

from chat_stack import ChatAuth, ChatWebsite, WebSocketChat
from tests.infra.synthesis import Template, read_template, render, synthesise


def build(outdir: Path, source: Path, auth: ChatAuth | None = None, **props: Any) -> Template:
    """Synthesise a chat and its website in one stack."""

    def add_both(app: App) -> Stack:
        stack = Stack(app, "Stack")
        add_website(stack, source, auth, **props)
        return stack

    return synthesise(add_both, outdir)


def add_website(stack: Stack, source: Path, auth: ChatAuth | None = None, **props: Any) -> ChatWebsite:
    auth = auth or ChatAuth.guest()
    chat = WebSocketChat(stack, "Chat", auth=auth)
    return ChatWebsite(stack, "Website", chat=chat, auth=auth, source=source, **props)


def distribution_of(template: Template) -> dict[str, Any]:
    return dict(template.resource("WebsiteDistribution")["Properties"]["DistributionConfig"])


def deployments_of(template: Template) -> dict[str, dict[str, Any]]:
    return template.resources("Custom::CDKBucketDeployment")


def config_of(template: Template) -> dict[str, Any]:
    """Return config.json as CDK's function deploys it, with references written out."""
    deployment = deployments_of(template)["WebsiteOtherFilesCustomResource"]
    text = read_sources(template, "WebsiteOtherFilesCustomResource")["config.json"]
    settings = deployment.get("SourceMarkersConfig", [{}] * len(deployment["SourceMarkers"]))
    for markers, setting in zip(deployment["SourceMarkers"], settings, strict=True):
        for marker, value in markers.items():
            filled = fill(template, value)
            text = text.replace(marker, json.dumps(filled)[1:-1] if setting.get("jsonEscape") else filled)
    return dict(json.loads(text))


def fill(template: Template, value: Any) -> Any:
    """Work out what CloudFormation does of a value; references are written out, those to the chat's stack as well."""
    match value:
        case {"Fn::Select": [index, values]}:
            return fill(template, values)[index]
        case {"Fn::Split": [separator, text]}:
            return fill(template, text).split(separator)
        case {"Fn::Join": [separator, parts]}:
            return separator.join(fill(template, part) for part in parts)
        case {"Fn::GetStackOutput": {"StackName": stack, "OutputName": name}}:
            return render(read_template(template.assembly, stack).body["Outputs"][name]["Value"])
        case _:
            return render(value)


def read_sources(template: Template, deployment: str) -> dict[str, str]:
    """Return the files that a deployment copies; of those with the same name, the last one stays."""
    keys = deployments_of(template)[deployment]["SourceObjectKeys"]
    directories = [template.assembly / f"asset.{key.removesuffix('.zip')}" for key in keys]
    return {
        str(file.relative_to(directory)): file.read_text()
        for directory in directories
        for file in directory.rglob("*")
        if file.is_file()
    }


def headers_of(template: Template) -> dict[str, str]:
    """Return the headers that the distribution adds."""
    config = template.resource("WebsiteHeaders")["Properties"]["ResponseHeadersPolicyConfig"]
    security, custom = config["SecurityHeadersConfig"], config["CustomHeadersConfig"]["Items"]
    assert all(header["Override"] for header in (*security.values(), *custom))
    return {
        "Content-Security-Policy": fill(template, security["ContentSecurityPolicy"]["ContentSecurityPolicy"]),
        "Strict-Transport-Security": f"max-age={security['StrictTransportSecurity']['AccessControlMaxAgeSec']}",
        "X-Content-Type-Options": "nosniff" if "ContentTypeOptions" in security else "",
        "X-Frame-Options": security["FrameOptions"]["FrameOption"],
        "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        **{header["Header"]: header["Value"] for header in custom},
    }
