"""The command line: `python -m chaos`."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from chaos.experiment import Outcome, experiment, make_plan
from chaos.faults import EVERY_LEAST, KINDS, Dealer, Kind, Service
from chat_client.load.display import Display, show_result
from chat_client.load.plan import PlanError
from local_aws.local import ROOT, LocalAws
from local_aws.processes import CommandError
from local_aws.progress import Progress

_INTERRUPTED = 130


@click.command()
@click.option("--seconds", default=60.0, show_default=True, help="How long messages are sent and faults strike.")
@click.option("--seed", type=int, help="Shuffles the faults, and decides who sends where; another one each time.")
@click.option("--rate", default=3.0, show_default=True, help="Messages a second.")
@click.option(
    "--every",
    type=click.IntRange(min=EVERY_LEAST),
    default=60,
    show_default=True,
    help="Each kind of fault strikes once in so many requests to DynamoDB; oftener elsewhere, where there are fewer.",
)
@click.option("--kill-every", default=3.0, show_default=True, help="Mean seconds between two deaths of functions.")
@click.option(
    "--directory",
    type=click.Path(path_type=Path, file_okay=False),
    default=ROOT / ".local" / "chaos",
    show_default=True,
    help="For logs.",
)
def main(*, seconds: float, seed: int | None, rate: float, every: int, kill_every: float, directory: Path) -> None:
    """Run the load generator over the deployed stack while faults strike, and judge what its clients saw.

    Exit status: 0 if nothing was lost, duplicated, out of order or refused; 1 if something was.
    """
    # Shells start what runs in the background with SIGINT ignored.
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.default_int_handler)
    console = Console()
    seed = random.randrange(1_000_000) if seed is None else seed  # noqa: S311 - no secret
    try:
        plan = make_plan(seconds=seconds, seed=seed, rate=rate)
        with LocalAws(directory.absolute(), Progress(console)) as local:
            console.print(plan.describe(), highlight=False)
            dealer = Dealer(seed, every=every, kill_every_s=kill_every)
            outcome = asyncio.run(
                experiment(local, plan, dealer, follow=lambda generator: Display(console, generator).follow())
            )
    except KeyboardInterrupt:
        console.print("Stopped.")
        sys.exit(_INTERRUPTED)
    except (CommandError, PlanError) as error:
        raise click.ClickException(str(error)) from None
    _show_outcome(console, outcome)
    sys.exit(0 if outcome.result["passed"] else 1)


def _show_outcome(console: Console, outcome: Outcome) -> None:
    table = Table("Injected", *(service.value for service in Service))
    for kind in Kind:
        table.add_row(kind.value, *(_count(outcome, service, kind) for service in Service))
    console.print(table)
    kills = ", ".join(f"{function} {times}" for function, times in outcome.count_kills().most_common())
    console.print(f"{outcome.passed} requests passed. Killed: {kills or 'none'}", highlight=False, soft_wrap=True)
    for missing in outcome.list_missing():
        console.print(f"Never injected, so nothing is proved about it: {missing}", style="yellow", highlight=False)
    show_result(console, outcome.result)


def _count(outcome: Outcome, service: Service, kind: Kind) -> str:
    is_dealt = kind in KINDS[service] or kind is Kind.KILLED
    return str(outcome.count(service, kind)) if is_dealt else ""


if __name__ == "__main__":
    main(prog_name="python -m chaos")
