"""The local run: MiniStack started, the stack deployed to it, and all of it stopped again."""

from __future__ import annotations

import json
import shutil
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from local_aws.cdk import Cdk
from local_aws.differences import adapt_assembly, create_responses
from local_aws.environment import HOST, make_environment, make_session
from local_aws.functions import find_functions, update_code
from local_aws.ministack import choose_port, run_ministack
from local_aws.processes import CommandError
from local_aws.progress import Progress
from local_aws.users import MODERATORS, create_users

if TYPE_CHECKING:
    import subprocess

    import boto3

ROOT = Path(__file__).parent.parent
# What urls.json has of the stack's outputs, where they are there.
_URLS = {
    "websocket": "WebSocketUrl",
    "ticket": "TicketUrl",
    "callback": "CallbackUrl",
    "cognito_client": "UserPoolClientId",
}


class LocalAws:
    """A local AWS with the stack deployed to it, as long as the context lasts.

    Several may run at once, each with a directory and a port of its own.

    Attributes:
        endpoint: the URL of the local AWS.
        session: makes clients for it; give them the endpoint.
        outputs: the stack's outputs, by name.
        functions: the functions' physical names, by the handlers' modules.
        functions_log: what the functions write.
    """

    def __init__(
        self, directory: Path, progress: Progress, *, app: Path = ROOT, preferred_port: int = 0, auth: str = "guest"
    ) -> None:
        """Prepare a run.

        Args:
            directory: where logs, the assembly and urls.json go; made when it is missing.
            progress: shows the steps.
            app: the directory of the CDK app, app.py.
            auth: how users sign in, `guest` or `cognito`; with Cognito, the users of `USERS` are made.
            preferred_port: where to listen, unless somebody does already; a free port for 0.
        """
        self._directory = directory
        self._progress = progress
        self._app = app
        self._port = choose_port(preferred_port)
        self._stack = ExitStack()
        self._temporary = directory / "tmp"
        self._urls_file = directory / "urls.json"
        self.endpoint = f"http://{HOST}:{self._port}"
        self.session: boto3.Session = make_session()
        self.functions_log = directory / "functions.log"
        self._ministack_log = directory / "ministack.log"
        self.outputs: dict[str, str] = {}
        self.functions: dict[str, str] = {}
        context = {"auth": auth, **({"moderator_group": MODERATORS} if auth == "cognito" else {})}
        self._cdk = Cdk(app, directory, make_environment(self.endpoint, self._temporary), context)

    def __enter__(self) -> Self:
        """Start MiniStack and deploy the stack.

        Raises:
            CommandError: a step failed; nothing is left running.
        """
        with ExitStack() as stack:
            self._server = self._start(stack)
            with self._progress.step("Preparing it for deployments (cdk bootstrap)"):
                self._cdk.bootstrap()
            # Who reads it finds a run that is up, or none.
            stack.callback(self._urls_file.unlink, missing_ok=True)
            self.deploy()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop MiniStack and the functions."""
        self._stack.close()

    @property
    def urls(self) -> dict[str, str]:
        """What urls.json holds."""
        known = {url: self.outputs[output] for url, output in _URLS.items() if output in self.outputs}
        return {**known, "aws": self.endpoint}

    def deploy(self) -> None:
        """Synthesise the app and deploy it, for the first time or again.

        Raises:
            CommandError: the CDK CLI failed.
        """
        with self._progress.step("Synthesising the stack (cdk synth)"):
            self._cdk.synthesise()
        with self._progress.step("Deploying it (cdk deploy)"):
            responses = adapt_assembly(self._cdk.assembly, self.endpoint)
            outputs = self._cdk.deploy()
            cloudformation = self.session.client("cloudformation", endpoint_url=self.endpoint)
            create_responses(responses, cloudformation, self.session.client("apigatewayv2", endpoint_url=self.endpoint))
        self.outputs = {name: value for stack in outputs.values() for name, value in stack.items()}
        self.functions = find_functions(self.session.client("lambda", endpoint_url=self.endpoint))
        if "UserPoolId" in self.outputs:
            create_users(self.session.client("cognito-idp", endpoint_url=self.endpoint), self.outputs["UserPoolId"])
        self._urls_file.write_text(json.dumps(self.urls, indent=2) + "\n")

    def update_functions(self) -> None:
        """Give the functions the code as it is now."""
        with self._progress.step("Updating the functions"):
            client = self.session.client("lambda", endpoint_url=self.endpoint)
            update_code(client, self.functions.values(), self._app / "lambda")

    def check(self) -> None:
        """Make sure that MiniStack is alive.

        Raises:
            CommandError: it ended.
        """
        if self._server.poll() is not None:
            raise CommandError(f"MiniStack ended with status {self._server.returncode}.", self._ministack_log)

    def _start(self, stack: ExitStack) -> subprocess.Popen[bytes]:
        self._temporary.mkdir(parents=True, exist_ok=True)
        stack.callback(shutil.rmtree, self._temporary, ignore_errors=True)
        for log in (self._ministack_log, self._cdk.log, self.functions_log):
            log.write_bytes(b"")
        with self._progress.step(f"Starting MiniStack on port {self._port}"):
            return stack.enter_context(
                run_ministack(
                    self._port,
                    log=self._ministack_log,
                    functions_log=self.functions_log,
                    temporary=self._temporary,
                )
            )
