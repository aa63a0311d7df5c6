package io.circuitscript.engine;

import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import java.util.List;

/**
 * A norm: {@code unit · weight + bias} with {@code unit = x · scale}, x centred before where it is a LayerNorm.
 *
 * @param weight {@code [dModel]}; all ones where there is no norm
 * @param bias {@code [dModel]}; of a LayerNorm only
 */
public record Norm(Kind kind, Tensor weight, Tensor bias, double epsilon) {
    enum Kind {
        /** What comes in goes out. */
        ABSENT,
        LAYER_NORM,
        RMS
    }

    /** Of its input: {@code scale [n, 1]} and {@code unit [n, dModel]}. Null where there is no norm: scale is 1, and nothing is taken out of a gradient. */
    record Frame(Tensor scale, Tensor unit) {}

    public boolean present() {
        return kind != Kind.ABSENT;
    }

    private boolean centred() {
        return kind == Kind.LAYER_NORM;
    }

    /** {@code [.., dModel]} → the same shape; a tensor of its own always. */
    Tensor of(Torch torch, Scope scope, Tensor x) {
        return switch (kind) {
            case ABSENT -> torch.alias(scope, x);
            case LAYER_NORM -> torch.layerNorm(scope, x, weight, bias, epsilon);
            case RMS -> torch.rmsNorm(scope, x, weight, epsilon);
        };
    }

    /** The same where {@code fixed} says so with the scale as a constant on the way back. */
    Tensor of(Torch torch, Scope scope, Tensor x, boolean fixed) {
        if (!fixed || !present()) return of(torch, scope, x);
        return centred()
                ? torch.fixedLayerNorm(scope, x, weight, bias, epsilon) // [.., dModel]
                : torch.fixedRmsNorm(scope, x, weight, epsilon); // [.., dModel]
    }

    /** @param x the norm's input, {@code [batch, pos, dModel]} */
    Frame frame(Torch torch, Scope scope, Tensor x) {
        if (!present()) return null;
        List<Tensor> frame = torch.normFrame(scope, x, epsilon, centred());
        return new Frame(frame.get(0), frame.get(1));
    }

    /** A gradient at the output, carried to the input x, which moves the scale unless it is fixed. {@code [.., dModel]} → {@code [n, dModel]} */
    Tensor back(Torch torch, Scope scope, Tensor gradient, Tensor x, boolean fixed) {
        Frame frame = frame(torch, scope, x);
        if (frame == null) return torch.flatRows(scope, gradient); // [n, dModel]
        return torch.normBack(scope, gradient, weight, frame.scale, frame.unit, centred(), fixed); // [n, dModel]
    }

    /** A projection that follows, {@code [dModel, head * dHead]}, with weight and centring inside, transposed: {@code [head, dHead, dModel]}. */
    Tensor backProjection(Torch torch, Scope scope, Tensor w, int heads) {
        return torch.backProjection(scope, w, weight, heads, centred());
    }

    /**
     * Small changes of the input x become those of the output, in place.
     *
     * @param changes {@code [source, n, dModel]}, of which {@code count} rows from {@code first} on are meant
     * @param fixed whether they leave the scale as it is
     */
    void through(Torch torch, Scope scope, Tensor changes, int first, int count, Tensor x, boolean fixed) {
        Frame frame = frame(torch, scope, x);
        if (frame != null)
            torch.throughNorm(scope, changes, first, count, weight, frame.scale, frame.unit, centred(), fixed);
    }

    /** What an input x gives more where it is moved: {@code norm(x + change) − norm(x)}. x {@code [batch, pos, dModel]}, change {@code [row, n, dModel]} */
    Tensor change(Torch torch, Scope scope, Tensor x, Tensor change) {
        Tensor moved = of(torch, scope, torch.addToEach(scope, x, change)); // [row, n, dModel]
        Tensor here = of(torch, scope, torch.flatOne(scope, x)); // [1, n, dModel]
        return torch.subtract(scope, moved, here); // [row, n, dModel]
    }
}
