package io.circuitscript.cli.each;

import io.circuitscript.cli.console.ScriptText;
import io.circuitscript.runtime.value.NumberText;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.syntax.Parser;
import io.circuitscript.syntax.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The combinations of the values of all {@code --each}: the first one changes most slowly. */
public final class Grid {
    /** More runs than this are most likely a slip. */
    static final int MOST_CELLS = 10_000;

    private static final long COUNTED = 1_000_000_000_000L;

    private final List<Axis> axes;
    private final Map<String, String> fixed;

    private Grid(List<Axis> axes, Map<String, String> fixed) {
        this.axes = List.copyOf(axes);
        this.fixed = Map.copyOf(fixed);
    }

    /**
     * @param words what follows each {@code --each}
     * @param fixed what {@code -D} gives to all cells
     * @throws WrongGrid where they make no grid
     */
    public static Grid of(List<String> words, Map<String, String> fixed, ScriptText script) {
        Set<String> names = new HashSet<>();
        for (String name : Axis.names(words)) {
            if (!names.add(name))
                throw new WrongGrid("--each " + name + " is given twice", "give one list of all values");
            if (fixed.containsKey(name))
                throw new WrongGrid("both --each and -D give " + name, "give it one of them, not both");
        }
        List<Statement> statements = Parser.parse(script.source()).statements();
        List<Axis> axes = new ArrayList<>();
        long cells = 1;
        for (String word : words) {
            Axis axis = Axis.of(word, statements);
            cells = Math.min(cells * axis.values().size(), COUNTED);
            axes.add(axis);
        }
        if (cells > MOST_CELLS)
            throw new WrongGrid(
                    "these lists make " + NumberText.count(cells) + (cells == COUNTED ? " cells and more" : " cells")
                            + ", and " + NumberText.count(MOST_CELLS) + " is the most",
                    "run it in parts, each with an --out and a --table of its own");
        return new Grid(axes, fixed);
    }

    /** The names of the parameters that change, in the order of the options. */
    public List<String> names() {
        return axes.stream().map(Axis::name).toList();
    }

    /** What {@code -D} gives to all cells. */
    Map<String, String> fixed() {
        return fixed;
    }

    public int size() {
        return axes.stream().mapToInt(it -> it.values().size()).reduce(1, (a, b) -> a * b);
    }

    public List<Cell> cells() {
        List<Cell> cells = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) cells.add(cell(i));
        return cells;
    }

    /** @param index from 0 */
    public Cell cell(int index) {
        Map<String, Value> values = new LinkedHashMap<>();
        Map<String, String> texts = new LinkedHashMap<>();
        int below = size();
        for (Axis axis : axes) {
            below /= axis.values().size();
            int at = index / below % axis.values().size();
            values.put(axis.name(), axis.values().get(at));
            texts.put(axis.name(), axis.texts().get(at));
        }
        return new Cell(index, values, texts, fixed);
    }
}
