package io.circuitscript.engine.torch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Owns the tensors of one unit of work, and gives their memory back when it closes. For one thread. */
public final class Scope implements AutoCloseable {
    private final Torch torch;
    private final Set<Tensor> owned = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean closed;

    Scope(Torch torch) {
        this.torch = torch;
    }

    public Torch torch() {
        return torch;
    }

    Tensor adopt(long handle) {
        if (closed) throw new IllegalStateException("the scope is closed");
        Tensor tensor = new Tensor(handle);
        owned.add(tensor);
        torch.count(1);
        return tensor;
    }

    /** Hands a tensor of this scope to another that lives longer. */
    public Tensor moveTo(Scope other, Tensor tensor) {
        if (!owned.remove(tensor)) throw new IllegalStateException("not of this scope");
        other.owned.add(tensor);
        return tensor;
    }

    public List<Tensor> moveTo(Scope other, List<Tensor> tensors) {
        tensors.forEach(tensor -> moveTo(other, tensor));
        return tensors;
    }

    /** Hands everything to another scope that lives longer. */
    public void moveAllTo(Scope other) {
        other.owned.addAll(owned);
        owned.clear();
    }

    public int size() {
        return owned.size();
    }

    /** Gives one tensor back before the rest. */
    public void release(Tensor tensor) {
        if (owned.remove(tensor)) {
            torch.count(-1);
            tensor.delete();
        }
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        for (Tensor tensor : new ArrayList<>(owned)) release(tensor);
    }
}
