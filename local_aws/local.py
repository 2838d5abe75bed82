"""The local run: MiniStack started, the stack deployed to it, the web app served, and all of it stopped again."""

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
from local_aws.functions import find_functions, kill_processes, update_code
from local_aws.ministack import choose_port, run_ministack
from local_aws.processes import CommandError
from local_aws.progress import Progress
from local_aws.users import MODERATORS, create_users
from local_aws.web_app import WebApp
from local_aws.website import serve_website

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
        self,
        directory: Path,
        progress: Progress,
        *,
        app: Path = ROOT,
        preferred_port: int = 0,
        auth: str = "guest",
        web_port: int | None = None,
    ) -> None:
        """Prepare a run.

        Args:
            directory: where logs, the assembly and urls.json go; made when it is missing.
            progress: shows the steps.
            app: the directory of the CDK app, app.py.
            auth: how users sign in, `guest` or `cognito`; with Cognito, the users of `USERS` are made.
            preferred_port: where to listen, unless somebody does already; a free port for 0.
            web_port: the same for the web app. Without one it is left out, and where it is not set up (`make web`).
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
        environment = make_environment(self.endpoint, self._temporary)
        self._web_app = WebApp(app / "web", directory / "web.log", environment)
        self._web_port = None if web_port is None else choose_port(web_port)
        context = {"auth": auth, **({"moderator_group": MODERATORS} if auth == "cognito" else {})}
        self._cdk = Cdk(app, directory, environment, context)

    def __enter__(self) -> Self:
        """Start MiniStack, deploy the stack, and serve the web app.

        Raises:
            CommandError: a step failed; nothing is left running.
        """
        with ExitStack() as stack:
            self._server = self._start(stack)
            with self._progress.step("Preparing it for deployments (cdk bootstrap)"):
                self._cdk.bootstrap()
            self._prepare_website()
            # Who reads it finds a run that is up, or none.
            stack.callback(self._urls_file.unlink, missing_ok=True)
            self._deploy()
            if self._web_port:
                stack.enter_context(serve_website(self._web_app.files, self._web_port, lambda: self.urls))
            self._write_urls()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop MiniStack, the functions and the web app."""
        self._stack.close()

    @property
    def urls(self) -> dict[str, str]:
        """What urls.json holds."""
        known = {url: self.outputs[output] for url, output in _URLS.items() if output in self.outputs}
        web = {"web": f"http://{HOST}:{self._web_port}"} if self._web_port else {}
        return {**known, "aws": self.endpoint, **web}

    def deploy(self) -> None:
        """Synthesise the app and deploy it, for the first time or again.

        Raises:
            CommandError: the CDK CLI failed.
        """
        self._deploy()
        self._write_urls()

    def build_website(self) -> None:
        """Build the web app, for the first time or again.

        Raises:
            CommandError: there is an error in it.
        """
        with self._progress.step("Building the web app (npm run build)"):
            self._web_app.build()

    def update_functions(self) -> None:
        """Give the functions the code as it is now."""
        with self._progress.step("Updating the functions"):
            client = self.session.client("lambda", endpoint_url=self.endpoint)
            update_code(client, self.functions.values(), self._app / "lambda")

    def kill_function(self, module: str) -> int:
        """Kill the processes of a function, by its handler's module, and say how many there were."""
        return kill_processes(self.functions[module], self._temporary)

    def check(self) -> None:
        """Make sure that MiniStack is alive.

        Raises:
            CommandError: it ended.
        """
        if self._server.poll() is not None:
            raise CommandError(f"MiniStack ended with status {self._server.returncode}.", self._ministack_log)

    def _deploy(self) -> None:
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

    def _write_urls(self) -> None:
        self._urls_file.write_text(json.dumps(self.urls, indent=2) + "\n")

    def _prepare_website(self) -> None:
        """Build the web app, or leave it out."""
        if self._web_port and self._web_app.is_set_up:
            self.build_website()
        elif self._web_port:
            self._web_port = None
            self._progress.note(
                f"The web app is left out: {self._web_app.directory} is not set up. Run make web first."
            )

    def _start(self, stack: ExitStack) -> subprocess.Popen[bytes]:
        self._temporary.mkdir(parents=True, exist_ok=True)
        stack.callback(shutil.rmtree, self._temporary, ignore_errors=True)
        for log in (self._ministack_log, self._cdk.log, self._web_app.log, self.functions_log):
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
