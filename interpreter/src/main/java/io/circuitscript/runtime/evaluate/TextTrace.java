package io.circuitscript.runtime.evaluate;

import io.circuitscript.runtime.value.Interpolation;
import io.circuitscript.runtime.value.Value;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Remembers where in the texts of a row its holes came to stand. A text that is a hole of another one counts as a whole there. */
public final class TextTrace implements Interpolation.Listener {
    private final Map<Value, List<Interpolation.Filled>> holes = new IdentityHashMap<>();

    @Override
    public void made(Value.Text text, List<Interpolation.Filled> filled) {
        if (!filled.isEmpty()) holes.put(text, filled);
    }

    /** Notes that a text is two others, one after the other. */
    void joined(Value first, Value second, Value whole) {
        if (!(first instanceof Value.Text(String before)) || !(whole instanceof Value.Text text)) return;
        List<Interpolation.Filled> both = new ArrayList<>(of(first));
        for (Interpolation.Filled hole : of(second)) both.add(hole.after(before.length()));
        made(text, both);
    }

    /** The holes of a text in their order; none where it was made in another way. */
    public List<Interpolation.Filled> of(Value text) {
        return holes.getOrDefault(text, List.of());
    }

    /** Begins another row. */
    public void clear() {
        holes.clear();
    }
}
