"""Stands in for TensorFlow, which Rasa imports even where no component uses it.

Every name under ``tensorflow`` and ``keras`` resolves to a class that can be
subclassed, used as a decorator or subscripted while modules are imported, and
that says what is missing as soon as somebody makes or calls one to compute.
Saves 1.5 GB of disk, 400 MB of memory and some 20 s at each start.
"""

from __future__ import annotations

import importlib.machinery
import sys
import types

__version__ = "2.12.0+qianmen.stub"

ROOTS = ("tensorflow", "keras", "tensorflow_text", "tensorflow_hub", "tensorflow_addons")


class _Anything(type):
    def __getattr__(cls, name: str):
        if name.startswith("__"):
            raise AttributeError(name)
        return _dummy(name, f"{cls._path}.{name}")

    def __getitem__(cls, _item):
        return cls

    def __or__(cls, _other):
        return cls

    def __ror__(cls, _other):
        return cls


def _missing(path: str) -> RuntimeError:
    return RuntimeError(
        f"{path} was used, and this environment has no TensorFlow. Neural components "
        "(DIETClassifier, TEDPolicy, UnexpecTEDIntentPolicy, ResponseSelector, "
        "LanguageModelFeaturizer) need the extra 'neural' of bot/pyproject.toml. Take them out of "
        "bot/config.yml, or in bot/: ../.tools/bin/uv --no-config pip install --python "
        ".venv/bin/python -r pyproject.toml --extra neural --reinstall-package tensorflow"
    )


class _Dummy(metaclass=_Anything):
    _path = "tensorflow"

    def __new__(cls, *args, **kwargs):
        # A bare decorator (@tf.function) or a decorator with arguments
        # (@tf.function(...), register_keras_serializable()) is met on import.
        if cls._path.endswith(("function", "serializable", "recompute_grad", "no_gradient")):
            if len(args) == 1 and callable(args[0]) and not kwargs:
                return args[0]
            return lambda wrapped: wrapped
        raise _missing(cls._path)


def _dummy(name: str, path: str) -> type:
    return _Anything(name, (_Dummy,), {"_path": path, "__module__": path.rpartition(".")[0]})


class _Module(types.ModuleType):
    __path__: list = []

    def __getattr__(self, name: str):
        if name.startswith("__"):
            raise AttributeError(name)
        if name == "set_seed":
            return lambda *_a, **_k: None
        value = _dummy(name, f"{self.__name__}.{name}")
        setattr(self, name, value)
        return value


class _Finder:
    """Makes any submodule of the stood-in packages importable."""

    @staticmethod
    def find_spec(name: str, path=None, target=None):
        if name.partition(".")[0] in ROOTS and name != "tensorflow":
            return importlib.machinery.ModuleSpec(name, _Finder, is_package=True)
        return None

    @staticmethod
    def create_module(spec):
        return _Module(spec.name)

    @staticmethod
    def exec_module(module) -> None:
        """Nothing to run."""


sys.modules[__name__].__class__ = _Module
if _Finder not in sys.meta_path:
    sys.meta_path.append(_Finder)
