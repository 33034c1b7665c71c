"""`python -m deploy.demo`: all of Qianmen on this machine, until Ctrl-C."""

from __future__ import annotations

import asyncio
import os
import signal

import click
from environs import EnvValidationError

from deploy import elasticsearch, surroundings
from deploy.demo import home, ports
from deploy.demo.credentials import PASSWORD
from deploy.demo.plan import Plan, draw
from deploy.demo.progress import say, show
from deploy.demo.supervisor import Supervisor
from environment.settings import ROOT, Settings, read_settings

PEOPLE = "agent, agent2, editor, reviewer, handler, supervisor, admin"


@click.command()
@click.option("--search", type=click.Choice(["embedded", "elasticsearch"]), default="embedded")
@click.option("--stop-with-parent", is_flag=True, help="End when the starting process is gone.")
def main(search: str, stop_with_parent: bool) -> None:
    """Start Qianmen on embedded defaults and keep it running."""
    settings = _settings()
    if not settings.is_demo:
        raise click.ClickException("QIANMEN_ENV is not demo: the demo starts nothing in production")
    try:
        lock = home.take(settings.home, _addresses(settings))
    except home.AlreadyRunning as other:
        raise click.ClickException(
            f"Qianmen already runs from {settings.home} ({other}). Use that one, or give the "
            "second one another QIANMEN_HOME and other ports."
        ) from None
    with lock:
        home.wait_for_leftovers(settings.home)
        try:
            if search == "elasticsearch":
                say("Elasticsearch: the first time it is fetched, which takes a while")
            plan = draw(settings, dict(os.environ), elasticsearch_wanted=search == "elasticsearch")
        except elasticsearch.CannotStart as fault:
            raise click.ClickException(str(fault)) from None
        if faults := ports.faults(plan.ports):
            raise click.ClickException("\n       ".join(faults))
        home.renew_logs(settings.home)
        for remark in plan.remarks:
            say(remark)
        asyncio.run(_run(plan, stop_with_parent))
    say("stopped")


def _settings() -> Settings:
    surroundings.prepare()
    try:
        return read_settings()
    except EnvValidationError as fault:
        raise click.ClickException(str(fault)) from None


async def _run(plan: Plan, stop_with_parent: bool) -> None:
    stop, hurry = asyncio.Event(), asyncio.Event()

    def asked_to_stop() -> None:
        if stop.is_set():
            hurry.set()
        else:
            say("stopping")
            stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, asked_to_stop)
    orphaned = asyncio.create_task(_stop_when_orphaned(stop)) if stop_with_parent else None
    supervisor = Supervisor(plan.parts, root=ROOT, home=plan.settings.home, say=say)
    await supervisor.run(stop, hurry, lambda took: _welcome(plan.settings, took))
    if orphaned is not None:
        orphaned.cancel()


async def _stop_when_orphaned(stop: asyncio.Event) -> None:
    """`make` may be killed without a chance to tell us."""
    parent = os.getppid()
    while os.getppid() == parent:
        await asyncio.sleep(0.5)
    stop.set()


def _addresses(settings: Settings) -> str:
    return (
        f"start page http://127.0.0.1:{settings.sandbox_port}/, "
        f"gateway on port {settings.gateway_port}, desk on port {settings.desk_port}"
    )


def _welcome(settings: Settings, took: str) -> None:
    show("")
    show("Qianmen is ready")
    show(f"  start page   http://127.0.0.1:{settings.sandbox_port}/")
    show(f"  a citizen    {settings.public_url}/chat/12345-web")
    show(f"  the desk     {settings.desk_url}/")
    show(f"  accounts     {PEOPLE}")
    show(f"  password     {os.environ[PASSWORD]}")
    show(f"  data, logs   {settings.home}")
    show(f"  Started in {took}; Ctrl-C stops everything.")


if __name__ == "__main__":
    main()
