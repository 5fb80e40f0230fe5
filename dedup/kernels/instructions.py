"""Machine instructions and a system call that numba does not name, for what is marked."""

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

__all__ = ["bytes_between", "copy_block", "load_eight", "read_at", "trailing_zeros"]


@intrinsic
def bytes_between(_context, buffer, _index, _low, _high):
    """Return a bit for each of 64 bytes from index on: whether it is low to high."""

    def generate(context, builder, signature, arguments):
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        pointer = builder.gep(array.data, [arguments[1]])
        bytes_64 = ir.VectorType(ir.IntType(8), 64)
        loaded = builder.load(builder.bitcast(pointer, ir.PointerType(bytes_64)))
        loaded.align = 1
        low, high = (_in_all(builder, bound, bytes_64) for bound in arguments[2:])
        is_above = builder.icmp_unsigned(">=", loaded, low)
        is_below = builder.icmp_unsigned("<=", loaded, high)
        return builder.bitcast(builder.and_(is_above, is_below), ir.IntType(64))

    return types.uint64(buffer, types.intp, types.uint8, types.uint8), generate


def _in_all(builder, value, vector):
    """Put a value in every place of a vector."""
    nothing = ir.Constant(vector, ir.Undefined)
    first = builder.insert_element(nothing, value, ir.Constant(ir.IntType(32), 0))
    places = ir.Constant(ir.VectorType(ir.IntType(32), vector.count), None)
    return builder.shuffle_vector(first, nothing, places)


@intrinsic
def copy_block(_context, target, _at, buffer, _index):
    """Copy 64 bytes from index on to another array, from at on."""

    def generate(context, builder, signature, arguments):
        places = []
        for array, index in ((0, 1), (2, 3)):
            made = context.make_array(signature.args[array])(context, builder, arguments[array])
            place = builder.gep(made.data, [arguments[index]])
            bytes_64 = ir.VectorType(ir.IntType(8), 64)
            places.append(builder.bitcast(place, ir.PointerType(bytes_64)))
        loaded = builder.load(places[1])
        loaded.align = 1
        stored = builder.store(loaded, places[0])
        stored.align = 1
        return context.get_dummy_value()

    return types.void(target, types.intp, buffer, types.intp), generate


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
    """Return the number of zero bits below the lowest one; 64 if there is none."""

    def generate(_context, builder, _signature, arguments):
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), generate


@intrinsic
def read_at(_context, _file, target, _start, _end, _at):
    """Read bytes of a file into a part of an array; return how many, -1 if that fails."""

    def generate(context, builder, signature, arguments):
        file, _, start, end, at = arguments
        array = context.make_array(signature.args[1])(context, builder, arguments[1])
        word, pointer = ir.IntType(64), ir.PointerType(ir.IntType(8))
        called = ir.FunctionType(word, [ir.IntType(32), pointer, word, word])
        pread = cgutils.get_or_insert_function(builder.module, called, "pread")
        place = builder.bitcast(builder.gep(array.data, [start]), pointer)
        size = builder.sub(end, start)
        return builder.call(pread, [builder.trunc(file, ir.IntType(32)), place, size, at])

    return types.int64(types.int64, target, types.int64, types.int64, types.int64), generate
