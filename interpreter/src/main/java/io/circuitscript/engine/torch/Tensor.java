package io.circuitscript.engine.torch;

import ai.djl.pytorch.jni.TorchBridge;
import java.util.Arrays;

/** A handle to a tensor of the native library. Its {@link Scope} owns it. */
public final class Tensor {
    private long handle;

    Tensor(long handle) {
        this.handle = handle;
    }

    long handle() {
        if (handle == 0) throw new IllegalStateException("the tensor's scope is closed");
        return handle;
    }

    long[] shape() {
        return TorchBridge.shape(handle());
    }

    /** The size of an axis; negative axes count from the last. */
    public long size(int axis) {
        long[] shape = shape();
        return shape[axis < 0 ? shape.length + axis : axis];
    }

    void delete() {
        long old = handle;
        handle = 0;
        if (old != 0) TorchBridge.deleteTensor(old);
    }

    @Override
    public String toString() {
        return handle == 0 ? "closed" : Arrays.toString(shape());
    }
}
