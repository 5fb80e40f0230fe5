"""Machine instructions that numba does not name, for what is marked with them."""

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

__all__ = ["load_eight", "trailing_zeros"]


@intrinsic
def load_eight(_context, buffer, _index):
    """Return the eight bytes from index on as a little-endian uint64."""

    def generate(context, builder, signature, arguments):
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        pointer = builder.gep(array.data, [arguments[1]])
        loaded = builder.load(builder.bitcast(pointer, ir.PointerType(ir.IntType(64))))
        loaded.align = 1
        return loaded

    return types.uint64(buffer, types.intp), generate


@intrinsic
def trailing_zeros(_context, _value):
    """Return the number of zero bits below the lowest one."""

    def generate(_context, builder, _signature, arguments):
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), generate
