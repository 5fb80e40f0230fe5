"""How Python calls a loop: C functions that check, unpack, call and pack.

Each is a ``METH_FASTCALL`` function of Python's stable ABI, so that a call costs
some hundred nanoseconds, and threads run beside it.

References
----------
Python/C API, "Common Object Structures" (``PyMethodDef``); NumPy C API, "Python
types and C structures" (``PyArrayObject``, ``PyArray_Descr``); numba's developer
manual, "Notes on numba's calling convention".
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from llvmlite import ir
from numba.core import types
from numba.np.numpy_support import as_dtype

from dedup.kernels.loading import METHODS, OBJECTS

__all__ = ["Loop", "calls_module"]

_POINTER, _WORD, _INT, _BYTE = ir.PointerType(), ir.IntType(64), ir.IntType(32), ir.IntType(8)
_NULL = ir.Constant(_POINTER, None)
_METHOD = ir.LiteralStructType([_POINTER, _POINTER, _INT, _POINTER])
_METH_FASTCALL = 0x80
#: Places in the table of objects.
_ARRAY_TYPE, _TYPE_ERROR, _NONE = range(3)
#: A ``PyObject`` ends with its type; an object's own fields come behind.
_HEAD = object.__basicsize__
_TYPE = _HEAD - 8
#: Fields of ``PyArrayObject`` and of its ``PyArray_Descr``, in bytes from the start.
_DATA, _N_AXES, _SHAPE, _STRIDES, _DTYPE, _FLAGS = (_HEAD + n for n in (0, 8, 16, 24, 40, 48))
_BYTE_ORDER, _TYPE_NUMBER = _HEAD + 10, _HEAD + 12
_CONTIGUOUS_AND_ALIGNED = 0x0101
_SWAPPED = ">"
_TUPLES = (types.Tuple, types.UniTuple)


class Loop(NamedTuple):
    """A loop that Python calls by its name, and numba's function by its symbol."""

    name: str
    symbol: str
    parameters: Mapping[str, types.Type]
    result: types.Type


def calls_module(loops: Sequence[Loop]) -> ir.Module:
    """Return the functions for Python, and the table of them."""
    module = ir.Module("dedup.kernels")
    objects = ir.GlobalVariable(module, ir.ArrayType(_POINTER, 3), OBJECTS)
    objects.initializer = ir.Constant(objects.value_type, [_NULL] * 3)
    rows = []
    for loop in loops:
        function = _Call(module, loop).function
        address = ir.FormattedConstant(_POINTER, function.get_reference())
        row = (_text(module, loop.name), address, ir.Constant(_INT, _METH_FASTCALL), _NULL)
        rows.append(ir.Constant(_METHOD, row))
    rows.append(ir.Constant(_METHOD, (_NULL, _NULL, ir.Constant(_INT, 0), _NULL)))
    table = ir.GlobalVariable(module, ir.ArrayType(_METHOD, len(rows)), METHODS)
    table.initializer = ir.Constant(table.value_type, rows)
    return module


def _text(module: ir.Module, text: str) -> ir.Constant:
    """Return the address of a constant C string."""
    raw = bytearray(text.encode("ascii") + b"\0")
    constant = ir.Constant(ir.ArrayType(_BYTE, len(raw)), raw)
    variable = ir.GlobalVariable(module, constant.type, module.get_unique_name("text"))
    variable.initializer = constant
    return ir.FormattedConstant(_POINTER, variable.get_reference())


class _Call:
    """The function ``(self, arguments, their number)`` that calls one loop."""

    def __init__(self, module: ir.Module, loop: Loop) -> None:
        self._module, self._loop = module, loop
        kind = ir.FunctionType(_POINTER, (_POINTER, _POINTER, _WORD))
        self.function = ir.Function(module, kind, f"call.{loop.name}")
        self._builder = ir.IRBuilder(self.function.append_basic_block())
        _, given, count = self.function.args
        parameters = loop.parameters
        wanted = f"the arguments of {loop.name} are ({', '.join(parameters)})"
        self._check(self._builder.icmp_signed("==", count, _WORD(len(parameters))), wanted)
        arguments: list[ir.Value] = []
        for place, (name, kind) in enumerate(parameters.items()):
            value = self._field(given, 8 * place, _POINTER)
            if isinstance(kind, types.Array):
                arguments += self._array(value, name, kind)
            else:
                arguments.append(self._number(value, kind))
        self._builder.ret(self._result(self._run(arguments)))

    def _field(self, start: ir.Value, offset: int, kind: ir.Type) -> ir.Value:
        """Load what stands so many bytes behind an address."""
        address = self._builder.gep(start, [_WORD(offset)], source_etype=_BYTE)
        return self._builder.load(address, typ=kind)

    def _ask(self, name: str, result: ir.Type, *arguments: ir.Value) -> ir.Value:
        """Call a function of Python."""
        function = self._module.globals.get(name)
        if function is None:
            kind = ir.FunctionType(result, [argument.type for argument in arguments])
            function = ir.Function(self._module, kind, name)
        return self._builder.call(function, arguments)

    def _object(self, place: int) -> ir.Value:
        """Return one of the objects that the loader wrote."""
        table = ir.FormattedConstant(_POINTER, self._module.globals[OBJECTS].get_reference())
        return self._field(table, 8 * place, _POINTER)

    def _check(self, is_right: ir.Value, wanted: str) -> None:
        """Raise a TypeError where something is not right."""
        with self._builder.if_then(self._builder.not_(is_right), likely=False):
            text = _text(self._module, wanted)
            self._ask("PyErr_SetString", ir.VoidType(), self._object(_TYPE_ERROR), text)
            self._builder.ret(_NULL)

    def _array(self, value: ir.Value, name: str, kind: types.Array) -> list[ir.Value]:
        """Return what numba wants to know of an array."""
        dtype = as_dtype(kind.dtype)
        wanted = (
            f"{self._loop.name}: {name} has to be an aligned, C-contiguous array of {dtype} "
            f"with {kind.ndim} {'axis' if kind.ndim == 1 else 'axes'}"
        )
        self._check(self._is_array(value), wanted)
        builder = self._builder
        described = self._field(value, _DTYPE, _POINTER)
        flags = builder.and_(self._field(value, _FLAGS, _INT), _INT(_CONTIGUOUS_AND_ALIGNED))
        is_right = builder.icmp_signed("==", flags, _INT(_CONTIGUOUS_AND_ALIGNED))
        for found, is_wanted in (
            (self._field(value, _N_AXES, _INT), _INT(kind.ndim)),
            (self._field(described, _TYPE_NUMBER, _INT), _INT(dtype.num)),
        ):
            is_right = builder.and_(is_right, builder.icmp_signed("==", found, is_wanted))
        order = self._field(described, _BYTE_ORDER, _BYTE)
        is_right = builder.and_(is_right, builder.icmp_signed("!=", order, _BYTE(ord(_SWAPPED))))
        self._check(is_right, wanted)
        shape, strides = (self._field(value, at, _POINTER) for at in (_SHAPE, _STRIDES))
        lengths = [self._field(shape, 8 * axis, _WORD) for axis in range(kind.ndim)]
        size = lengths[0]
        for length in lengths[1:]:
            size = builder.mul(size, length)
        steps = [self._field(strides, 8 * axis, _WORD) for axis in range(kind.ndim)]
        data = self._field(value, _DATA, _POINTER)
        # No counted memory and no parent: the caller keeps the array.
        return [_NULL, _NULL, size, _WORD(dtype.itemsize), data, *lengths, *steps]

    def _is_array(self, value: ir.Value) -> ir.Value:
        builder = self._builder
        wanted = self._object(_ARRAY_TYPE)
        found = self._field(value, _TYPE, _POINTER)
        before = builder.block
        is_exact = builder.icmp_unsigned("==", found, wanted)
        with builder.if_then(builder.not_(is_exact), likely=False):
            is_kind = self._ask("PyType_IsSubtype", _INT, found, wanted)
            is_kind = builder.icmp_signed("!=", is_kind, _INT(0))
            otherwise = builder.block
        either = builder.phi(ir.IntType(1))
        either.add_incoming(is_exact, before)
        either.add_incoming(is_kind, otherwise)
        return either

    def _number(self, value: ir.Value, kind: types.Type) -> ir.Value:
        """Return an integer; those of NumPy and booleans are taken too."""
        builder = self._builder
        number = self._ask("PyLong_AsUnsignedLongLongMask", _WORD, value)
        with builder.if_then(builder.icmp_signed("==", number, _WORD(-1)), likely=False):
            error = self._ask("PyErr_Occurred", _POINTER)
            with builder.if_then(builder.icmp_unsigned("!=", error, _NULL), likely=False):
                builder.ret(_NULL)
        return builder.trunc(number, _BYTE) if kind == types.boolean else number

    def _run(self, arguments: Sequence[ir.Value]) -> ir.Value:
        """Call the loop while other threads run; return where its result is."""
        builder, loop = self._builder, self._loop
        kinds = loop.result.types if isinstance(loop.result, _TUPLES) else [loop.result]
        result = builder.alloca(ir.LiteralStructType([_kept(kind) for kind in kinds]))
        error = builder.alloca(_POINTER)
        result, error = (ir.FormattedConstant(_POINTER, v.get_reference()) for v in (result, error))
        every = [result, error, *arguments]
        numba_function = ir.Function(
            self._module, ir.FunctionType(_INT, [value.type for value in every]), loop.symbol
        )
        state = self._ask("PyEval_SaveThread", _POINTER)
        status = builder.call(numba_function, every)
        self._ask("PyEval_RestoreThread", ir.VoidType(), state)
        # Loops raise nothing; all that can fail is getting memory.
        with builder.if_then(builder.icmp_signed("!=", status, _INT(0)), likely=False):
            builder.ret(self._ask("PyErr_NoMemory", _POINTER))
        return result

    def _result(self, result: ir.Value) -> ir.Value:
        kind = self._loop.result
        if kind == types.none:
            nothing = self._object(_NONE)
            self._ask("Py_IncRef", ir.VoidType(), nothing)
            return nothing
        if not isinstance(kind, _TUPLES):
            return self._packed(result, kind)
        packed = self._ask("PyTuple_New", _POINTER, _WORD(len(kind.types)))
        for place, its in enumerate(kind.types):
            value = self._packed(
                self._builder.gep(result, [_WORD(8 * place)], source_etype=_BYTE), its
            )
            self._ask("PyTuple_SetItem", _INT, packed, _WORD(place), value)
        return packed

    def _packed(self, address: ir.Value, kind: types.Type) -> ir.Value:
        """Return a number as an object of Python."""
        value = self._builder.load(address, typ=_kept(kind))
        if kind == types.boolean:
            return self._ask("PyBool_FromLong", _POINTER, self._builder.zext(value, _WORD))
        is_signed = kind == types.int64
        name = "PyLong_FromLongLong" if is_signed else "PyLong_FromUnsignedLongLong"
        return self._ask(name, _POINTER, value)


def _kept(kind: types.Type) -> ir.Type:
    """Return how numba keeps a number, or nothing, in memory."""
    if kind == types.none:
        return _POINTER
    return _BYTE if kind == types.boolean else _WORD
