"""Machine code of the compiled loops, as one object file that needs no numba.

numba makes LLVM's code of every loop; :mod:`dedup.kernels.calls` adds what Python
calls; LLVM makes one file of all.
"""

from collections.abc import Callable, Mapping
from inspect import signature
from types import FunctionType
from typing import Any, get_args, get_origin, get_type_hints

import llvmlite.binding as llvm
import numba
import numpy as np
from numba.core import types

from dedup.kernels import instructions
from dedup.kernels.calls import Loop, calls_module
from dedup.kernels.loading import METHODS, OBJECTS

__all__ = ["object_code"]

#: What the file may ask of the process: Python's stable ABI, and C's memory and files.
_MAY_ASK = frozenset({
    "PyBool_FromLong", "PyErr_NoMemory", "PyErr_Occurred", "PyErr_SetString",
    "PyEval_RestoreThread", "PyEval_SaveThread",
    "PyLong_AsUnsignedLongLongMask", "PyLong_FromLongLong", "PyLong_FromUnsignedLongLong",
    "PyTuple_New", "PyTuple_SetItem", "PyType_IsSubtype", "Py_IncRef",
    "free", "malloc", "pread",
})  # fmt: skip
#: numba's counted memory, for the arrays that a loop makes for itself: one count,
#: five words that stay empty but the fourth, where the data are, aligned.
_MEMORY = """
declare ptr @malloc(i64)
declare void @free(ptr)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

define noalias ptr @NRT_MemInfo_alloc_aligned(i64 %size, i32 %alignment) {
  %room = add i64 %size, 112
  %info = call ptr @malloc(i64 %room)
  %is_null = icmp eq ptr %info, null
  br i1 %is_null, label %full, label %found
found:
  call void @llvm.memset.p0.i64(ptr %info, i8 0, i64 48, i1 false)
  store i64 1, ptr %info
  %start = ptrtoint ptr %info to i64
  %behind = add i64 %start, 111
  %aligned = and i64 %behind, -64
  %data = inttoptr i64 %aligned to ptr
  %field = getelementptr i8, ptr %info, i64 24
  store ptr %data, ptr %field
  ret ptr %info
full:
  ret ptr null
}

define void @NRT_MemInfo_call_dtor(ptr %info) {
  call void @free(ptr %info)
  ret void
}
"""
_NUMBERS = {
    int: types.int64,
    bool: types.boolean,
    np.uint64: types.uint64,
    type(None): types.none,
}


def object_code(functions: Mapping[str, Callable[..., object]]) -> bytes:
    """Compile loops for this machine.

    Parameters
    ----------
    functions
        By the names that Python is to call them by. Annotations say what each takes
        and returns; what they call is compiled with them.

    Returns
    -------
    bytes
        A relocatable, position-independent object file.

    Raises
    ------
    TypeError
        A loop takes, returns or does what needs numba's own library.
    """
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        reloc="pic",
        codemodel="small",
    )
    made: dict[Callable[..., object], Any] = {}
    compiled = [_compiled(name, function, made) for name, function in functions.items()]
    calls = calls_module([loop for loop, _ in compiled])
    calls.triple, calls.data_layout = machine.triple, str(machine.target_data)
    module = llvm.parse_assembly(str(calls))
    for code in (_MEMORY, *(code for _, code in compiled)):
        module.link_in(llvm.parse_assembly(code))
    _strip(module, machine)
    _refuse_unknown(module)
    return bytes(machine.emit_object(module))


def _compiled(
    name: str, function: Callable[..., object], made: dict[Callable[..., object], Any]
) -> tuple[Loop, str]:
    """Return a loop and its code in LLVM's language."""
    hints = get_type_hints(function)
    result = _type_of(hints["return"])
    parameters = {one: _type_of(hints[one]) for one in signature(function).parameters}
    given = tuple(parameters.values())
    dispatcher = _jitted(function, made)
    dispatcher.compile(given)
    overload = dispatcher.overloads[given]
    if overload.signature.return_type != result:
        msg = f"{name} is annotated to return {result}, not {overload.signature.return_type}"
        raise TypeError(msg)
    symbol = overload.fndesc.llvm_func_name
    return Loop(name, symbol, parameters, result), dispatcher.inspect_llvm(given)


def _jitted(function: Callable[..., object], made: dict[Callable[..., object], Any]) -> Any:
    """Return numba's form of a function, whose names mean numba's forms too."""
    plain = getattr(function, "__wrapped__", function)
    if plain not in made:
        if hasattr(plain, "instruction"):
            made[plain] = getattr(instructions, plain.instruction)
        else:
            scope = plain.__globals__
            named = {name: scope[name] for name in plain.__code__.co_names if name in scope}
            inner = {name: _jitted(one, made) for name, one in named.items() if _is_loop(one)}
            copied = FunctionType(plain.__code__, {**scope, **inner}, plain.__name__)
            # nobody calls numba's own objects: their wrappers would take as long as the loops
            options: dict[str, Any] = {"no_cfunc_wrapper": True, "no_cpython_wrapper": True}
            if hasattr(plain, "is_inlined"):
                options["inline"] = "always"
            made[plain] = numba.njit(nogil=True, error_model="numpy", **options)(copied)
    return made[plain]


def _is_loop(value: object) -> bool:
    return isinstance(getattr(value, "__wrapped__", value), FunctionType)


def _type_of(annotation: Any) -> types.Type:
    """Return numba's type of a number, nothing, a tuple of numbers or an array."""
    if annotation in _NUMBERS:
        return _NUMBERS[annotation]
    if get_origin(annotation) is tuple:
        return types.BaseTuple.from_types([_NUMBERS[one] for one in get_args(annotation)])
    if get_origin(annotation) is np.ndarray:
        shape, dtype = get_args(annotation)
        axes = [axis for axis in get_args(shape) if axis is not ...]
        return types.Array(numba.from_dtype(np.dtype(*get_args(dtype))), len(axes), "C")
    msg = f"a loop can neither take nor return {annotation}: use `dedup.kernels.arrays` or a number"
    raise TypeError(msg)


def _strip(module: llvm.ModuleRef, machine: llvm.TargetMachine) -> None:
    """Leave out what nothing calls."""
    for value in (*module.functions, *module.global_variables):
        if not value.is_declaration and value.name not in {METHODS, OBJECTS}:
            value.linkage = llvm.Linkage.internal
    passes = llvm.create_new_module_pass_manager()
    passes.add_global_dead_code_eliminate_pass()
    passes.add_strip_dead_prototype_pass()
    options = llvm.create_pipeline_tuning_options()
    passes.run(module, llvm.create_pass_builder(machine, options))


def _refuse_unknown(module: llvm.ModuleRef) -> None:
    asked = {
        value.name
        for value in (*module.functions, *module.global_variables)
        if value.is_declaration and not value.name.startswith("llvm.")
    }
    if asked - _MAY_ASK:
        msg = f"a loop needs numba's library: {', '.join(sorted(asked - _MAY_ASK))}"
        raise TypeError(msg)
