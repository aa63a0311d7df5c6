package io.circuitscript.runtime.evaluate;

import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.ResultView;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The one description of a statement: its parameters, options, result and documentation. The check, the run, help,
 * completion and the reference read it.
 *
 * @param doc what it does, in a sentence
 * @param example a line that shows it
 * @param parameters its positional words
 * @param options its {@code key=value}
 * @param result the fields of its result, in order; empty where it has none
 * @param needs what must be there before it
 * @param provides what is there after it
 * @param group where help lists it
 * @param view how its result is shown to a person
 * @param items of each list in its result that has entries of its own: what help calls it, and the entries' fields
 * @param table the field of its result whose entries are its table; empty: its fields are a row
 * @param namesCircuit whether it gives the current circuit a name
 * @param neededOption where it is nothing without an option: what it then lacks
 */
public record Declaration(
        String word,
        String doc,
        String example,
        List<Argument> parameters,
        List<Argument> options,
        SequencedMap<String, Type> result,
        Set<Need> needs,
        Set<Need> provides,
        HelpGroup group,
        ResultView view,
        SequencedMap<String, List<String>> items,
        Optional<String> table,
        boolean namesCircuit,
        Optional<String> neededOption) {

    /**
     * A word or an option that a statement takes.
     *
     * @param byDefault what holds where it is not written; empty: it must be, unless {@code optional}
     * @param allowed where only these values are taken
     * @param most the largest number it takes, where it takes whole numbers
     * @param offers what completion offers for it
     */
    public record Argument(
            String name,
            Kind kind,
            boolean optional,
            Optional<Value> byDefault,
            List<String> allowed,
            String doc,
            int most,
            Offers offers) {

        private Argument(
                String name, Kind kind, boolean optional, Optional<Value> byDefault, List<String> allowed, String doc) {
            this(name, kind, optional, byDefault, allowed, doc, Integer.MAX_VALUE, Offers.NOTHING_MORE);
        }

        public static Argument required(String name, Kind kind, String doc) {
            return new Argument(name, kind, false, Optional.empty(), List.of(), doc);
        }

        public static Argument optional(String name, Kind kind, String doc) {
            return new Argument(name, kind, true, Optional.empty(), List.of(), doc);
        }

        public static Argument count(String name, int byDefault, String doc) {
            return new Argument(name, Kind.COUNT, true, Optional.of(new Value.Number(byDefault)), List.of(), doc);
        }

        public static Argument number(String name, double byDefault, String doc) {
            return new Argument(name, Kind.NUMBER, true, Optional.of(new Value.Number(byDefault)), List.of(), doc);
        }

        public static Argument truth(String name, boolean byDefault, String doc) {
            return new Argument(name, Kind.TRUTH, true, Optional.of(new Value.Bool(byDefault)), List.of(), doc);
        }

        public static Argument text(String name, String byDefault, String doc) {
            return new Argument(name, Kind.TEXT, true, Optional.of(new Value.Text(byDefault)), List.of(), doc);
        }

        /** One or several of the allowed words. It has no default. */
        public static Argument words(String name, List<String> allowed, String doc) {
            return new Argument(name, Kind.WORDS, true, Optional.empty(), allowed, doc);
        }

        /** The same with a largest number. */
        public Argument upTo(int largest) {
            return new Argument(name, kind, optional, byDefault, allowed, doc, largest, offers);
        }

        /** The same with what completion offers for it. */
        public Argument offering(Offers more) {
            return new Argument(name, kind, optional, byDefault, allowed, doc, most, more);
        }

        /** Whether it names a file, or a folder, that is read. */
        public boolean isRead() {
            return kind == Kind.INPUT_FILE || kind == Kind.DATA_NAME || offers == Offers.MODELS;
        }

        /** The same argument under another name. */
        Argument called(String other) {
            return new Argument(other, kind, optional, byDefault, allowed, doc, most, offers);
        }

        /** The first of the allowed values is the default. */
        public static Argument choice(String name, List<String> allowed, String doc) {
            Value first = new Value.Text(allowed.getFirst());
            return new Argument(name, Kind.CHOICE, true, Optional.of(first), allowed, doc);
        }
    }

    public Declaration {
        parameters = List.copyOf(parameters);
        options = List.copyOf(options);
        result = java.util.Collections.unmodifiableSequencedMap(new LinkedHashMap<>(result));
        needs = Set.copyOf(needs);
        provides = Set.copyOf(provides);
        items = java.util.Collections.unmodifiableSequencedMap(new LinkedHashMap<>(items));
    }

    public static Builder of(String word, String doc, String example) {
        return new Builder(word, doc, example);
    }

    public boolean hasResult() {
        return !result.isEmpty();
    }

    /** The result as the check knows it: its fields and their types. */
    public AbstractValue resultShape() {
        SequencedMap<String, AbstractValue> fields = new LinkedHashMap<>();
        result.forEach((name, type) -> fields.put(name, Unknown.of(type)));
        return hasResult() ? Unknown.result(word, fields) : new Value.None();
    }

    /**
     * Which of its words so many written ones are, in their order. One that may be left out is left out where the words are needed for those that must be
     * there.
     */
    public List<Argument> filled(int written) {
        List<Argument> filled = new ArrayList<>();
        long needed = parameters.stream().filter(it -> !it.optional()).count();
        for (Argument parameter : parameters) {
            if (!parameter.optional()) needed--;
            if (filled.size() + (parameter.optional() ? needed : 0) < written) filled.add(parameter);
        }
        return filled;
    }

    /** Whether it writes a file, which a later statement may read. */
    public boolean writesFile() {
        return parameters.stream().anyMatch(parameter -> parameter.kind() == Kind.OUTPUT_FILE);
    }

    public Optional<Argument> option(String key) {
        return options.stream().filter(o -> o.name().equals(key)).findFirst();
    }

    public List<String> optionKeys() {
        return options.stream().map(Argument::name).toList();
    }

    /** The options as a message lists them. */
    String offeredOptions() {
        return options.stream().map(option -> option.name() + "=").collect(Collectors.joining(", "));
    }

    /** Builds a declaration. */
    public static final class Builder {
        private final String word;
        private final String doc;
        private final String example;
        private final List<Argument> parameters = new ArrayList<>();
        private final List<Argument> options = new ArrayList<>();
        private final SequencedMap<String, Type> result = new LinkedHashMap<>();
        private Set<Need> needs = Set.of();
        private Set<Need> provides = Set.of();
        private HelpGroup group = HelpGroup.OTHER;
        private ResultView view = ResultView.FIELDS;
        private final SequencedMap<String, List<String>> items = new LinkedHashMap<>();
        private Optional<String> table = Optional.empty();
        private boolean namesCircuit;
        private Optional<String> neededOption = Optional.empty();

        private Builder(String word, String doc, String example) {
            this.word = word;
            this.doc = doc;
            this.example = example;
        }

        public Builder takes(Argument... more) {
            parameters.addAll(List.of(more));
            return this;
        }

        public Builder options(Argument... more) {
            options.addAll(List.of(more));
            return this;
        }

        public Builder gives(String field, Type type) {
            result.put(field, type);
            return this;
        }

        public Builder needs(Need... more) {
            needs = Set.of(more);
            return this;
        }

        public Builder provides(Need... more) {
            provides = Set.of(more);
            return this;
        }

        public Builder in(HelpGroup where) {
            group = where;
            return this;
        }

        public Builder shown(ResultView how) {
            view = how;
            return this;
        }

        /** @param label what help calls the list: {@code `top` of predict} */
        public Builder items(String label, String... fields) {
            items.put(label, List.of(fields));
            return this;
        }

        /** @param field the one of the result whose entries are its table */
        public Builder table(String field) {
            table = Optional.of(field);
            return this;
        }

        public Builder namesCircuit() {
            namesCircuit = true;
            return this;
        }

        /** @param what it lacks where it has no option */
        public Builder needsOption(String what) {
            neededOption = Optional.of(what);
            return this;
        }

        public Declaration build() {
            return new Declaration(
                    word,
                    doc,
                    example,
                    parameters,
                    options,
                    result,
                    needs,
                    provides,
                    group,
                    view,
                    items,
                    table,
                    namesCircuit,
                    neededOption);
        }
    }
}
