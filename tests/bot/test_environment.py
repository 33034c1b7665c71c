import subprocess

import pytest

from tests.bot.rasa_process import PYTHON, ROOT

# Rasa starts within the first test; on a busy machine that takes its time.
pytestmark = pytest.mark.timeout(300)


def test_a_neural_component_names_the_extra_that_it_needs(bot_environment: None) -> None:
    code = "import tensorflow as tf; tf.keras.layers.Dense(1)"
    ended = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert "no TensorFlow" in ended.stderr
    assert "--extra neural" in ended.stderr


def test_a_second_set_up_does_nothing(bot_environment: None) -> None:
    command = [ROOT / "bot" / "setup.sh"]
    subprocess.run(command, capture_output=True, check=True, timeout=250)
    again = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert again.stdout == "[setup] bot ready\n"


def test_the_lock_has_hashes_no_addresses_and_no_tensorflow() -> None:
    lock = (ROOT / "bot" / "requirements.lock").read_text(encoding="utf-8")
    assert "--hash=sha256:" in lock
    assert "://" not in lock
    assert "\ntensorflow" not in lock
