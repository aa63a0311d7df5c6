package io.circuitscript.runtime;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.runtime.evaluate.InnerStatements;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Shapes;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Parsed;
import io.circuitscript.syntax.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** Remembers what the check knows at a place of a script. */
final class PlaceWatch implements CheckWatch {
    /** A place in a loop is met once a round. What is the same in so many rounds is taken to be so in all. */
    private static final int MOST_MEETINGS = 3;

    /** What is known at more places would fill the memory. */
    private static final int MOST_PASSED = 300;

    /**
     * A block, and the statement in it that the place is at; how many there are where it is behind the last.
     *
     * @param inside whether the place is in the statement
     * @param around the statement that the block belongs to
     */
    private record Place(List<Statement> block, int number, boolean inside, Optional<Place> around) {}

    private final CancelToken cancel;
    private final Optional<Place> place;

    /** Behind which statement of the script nothing more can come to the place. */
    private final int last;

    private final List<Statement> script;
    private final List<Examiner.Known> before = new ArrayList<>();
    private final List<Examiner.Known> after = new ArrayList<>();
    private final List<Examiner.Passed> passed = new ArrayList<>();
    private final List<Examiner.Imported> imported = new ArrayList<>();
    private boolean stopped;

    /** Whether the check is in the statement that the place's block belongs to. */
    private boolean within;

    private PlaceWatch(Optional<Place> place, List<Statement> script, int last, CancelToken cancel) {
        this.place = place;
        this.script = script;
        this.last = last;
        this.cancel = cancel;
    }

    /** One that keeps what is known between the script's statements. */
    static PlaceWatch everywhere(Parsed parsed, CancelToken cancel) {
        return new PlaceWatch(Optional.empty(), parsed.statements(), Integer.MAX_VALUE, cancel);
    }

    /** @param offset in code points */
    static PlaceWatch at(int offset, Parsed parsed, CancelToken cancel) {
        List<Statement> script = parsed.statements();
        return new PlaceWatch(Optional.of(find(script, offset, Optional.empty())), script, at(script, offset), cancel);
    }

    private static Place find(List<Statement> block, int offset, Optional<Place> around) {
        int number = at(block, offset);
        if (number == block.size()) return new Place(block, number, false, around);
        Statement statement = block.get(number);
        Place place = new Place(block, number, statement.span().start() <= offset, around);
        if (!place.inside()) return place;
        return blocks(statement).stream()
                .filter(it -> it.span().start() < offset && offset < it.span().end())
                .findFirst()
                .map(it -> find(it.statements(), offset, Optional.of(place)))
                .orElse(place);
    }

    /** The first statement that does not end before the place. */
    private static int at(List<Statement> block, int offset) {
        int number = 0;
        while (number < block.size() && block.get(number).span().end() < offset) number++;
        return number;
    }

    private static List<Statement.Block> blocks(Statement statement) {
        return switch (statement) {
            case Statement.Def def -> List.of(def.body());
            case Statement.TaskDefinition task -> List.of(task.body());
            default -> InnerStatements.blocks(statement);
        };
    }

    boolean stopped() {
        return stopped;
    }

    List<Examiner.Passed> passed() {
        return List.copyOf(passed);
    }

    List<Examiner.Imported> imported() {
        return List.copyOf(imported);
    }

    Optional<Examiner.Known> before() {
        return joined(before);
    }

    Optional<Examiner.Known> after() {
        return joined(after);
    }

    @Override
    public void at(List<Statement> block, int number, Flow flow) {
        if (place.isPresent()) meet(place.get(), block, number, flow);
        else if (block == script && number < script.size() && number % step() == 0 && passed.size() < MOST_PASSED)
            passed.add(new Examiner.Passed(script.get(number).span().start(), known(flow)));
        stopped = isCancelled() || block == script && number > last;
        if (stopped) throw new Stopped();
    }

    private void meet(Place wanted, List<Statement> block, int number, Flow flow) {
        wanted.around().filter(it -> it.block() == block).ifPresent(it -> within = it.number() == number);
        // Empty blocks are one and the same list.
        if (block != wanted.block() || block.isEmpty() && wanted.around().isPresent() && !within) return;
        if (number == wanted.number()) add(before, flow);
        if (wanted.inside() && number == wanted.number() + 1) add(after, flow);
    }

    private boolean isCancelled() {
        try {
            cancel.check();
            return false;
        } catch (CancellationException e) {
            return true;
        }
    }

    /** Every statement of a short script, and some of a long one. */
    private int step() {
        return 1 + script.size() / MOST_PASSED;
    }

    private static void add(List<Examiner.Known> known, Flow flow) {
        if (known.size() < MOST_MEETINGS) known.add(known(flow));
    }

    private static Examiner.Known known(Flow flow) {
        Map<String, AbstractValue> variables = new LinkedHashMap<>();
        for (String name : flow.scope().names()) flow.scope().find(name).ifPresent(value -> variables.put(name, value));
        return new Examiner.Known(flow.facts().copy(), variables);
    }

    private static Optional<Examiner.Known> joined(List<Examiner.Known> met) {
        if (met.isEmpty()) return Optional.empty();
        Map<String, AbstractValue> variables =
                new LinkedHashMap<>(met.getFirst().variables());
        for (Examiner.Known other : met.subList(1, met.size()))
            other.variables().forEach((name, value) -> variables.merge(name, value, Shapes::join));
        return Optional.of(new Examiner.Known(met.getFirst().facts(), variables));
    }

    @Override
    public void imports(Span path, String key, Parsed file) {
        imported.add(new Examiner.Imported(path, key, file));
    }
}
