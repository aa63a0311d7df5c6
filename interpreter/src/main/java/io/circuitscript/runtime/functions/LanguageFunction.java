package io.circuitscript.runtime.functions;

import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Operators;
import io.circuitscript.runtime.value.Shapes;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.source.Spelling;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Everything that is to be said of a function of the language, once: evaluation, the check, help and completion go by it.
 *
 * @param usage how it is called: {@code sum(LIST)}
 * @param doc what it gives, in a few words
 * @param example a line that shows it
 * @param most how many arguments it takes at most
 * @param options those it has: {@code by} of {@code sort(rows, by="size")}
 * @param evaluation what it does; null for one that only metrics have
 */
public record LanguageFunction(
        String word,
        String usage,
        String doc,
        String example,
        int least,
        int most,
        List<Option> options,
        Evaluation evaluation) {

    /** An option of a function. @param doc what it says, in a few words */
    public record Option(String name, String doc) {}

    /** What a function makes of its arguments: a value, or, in the check, what is known of it. */
    public interface Evaluation {
        AbstractValue of(FunctionCall call);
    }

    /** What a function of numbers does with arguments that are of the right types, all of them known. */
    interface Body {
        Value apply(LanguageFunction function, List<Value> arguments, Span span);
    }

    /** What arguments a function of numbers takes, and what it gives. */
    enum Takes {
        /** A list of numbers as the only argument, or numbers; it gives one number. */
        NUMBERS_OR_A_LIST,
        /** A number, or a list of which it takes each item, and further numbers; it gives as many as the first holds. */
        EACH;

        private static final String PHRASE = "numbers";

        private boolean takesList(int argument, int arguments) {
            return this == EACH ? argument == 0 : arguments == 1;
        }
    }

    public LanguageFunction {
        options = List.copyOf(options);
    }

    /** One that gives a number, or a list of numbers, and has no options. */
    LanguageFunction(
            String word, String usage, String doc, String example, int least, int most, Takes takes, Body body) {
        this(
                word,
                usage,
                doc,
                example,
                least,
                most,
                List.of(),
                call -> call.function().ofNumbers(call, takes, body));
    }

    /** One without options. */
    LanguageFunction(
            String word, String usage, String doc, String example, int least, int most, Evaluation evaluation) {
        this(word, usage, doc, example, least, most, List.of(), evaluation);
    }

    /** One that reads a run, in a metric alone. */
    static LanguageFunction ofMetrics(String word, String argument, String doc, String example) {
        return new LanguageFunction(word, word + "(" + argument + ")", doc, example, 1, 1, List.of(), null);
    }

    public AbstractValue call(FunctionCall call) {
        int given = call.arguments().size();
        if (given < least || given > most) {
            String message = "`" + word + "` takes " + wanted();
            throw Mistake.form(ErrorCode.WRONG_ARGUMENTS, message, call.span(), "it is written " + usage);
        }
        return evaluation.of(call);
    }

    private String wanted() {
        if (most == Integer.MAX_VALUE) return least == 1 ? "a list, or several numbers" : "several lists";
        if (!options.isEmpty()) return "one value; its options are written with their names";
        if (most == 0) return "nothing";
        if (least == most) return least == 1 ? "one value" : least == 2 ? "two values" : least + " values";
        return least == 1 && most == 2 ? "one value or two" : least + " to " + most + " values";
    }

    private List<String> optionNames() {
        return options.stream().map(Option::name).toList();
    }

    /** @throws Mistake where it has no such option */
    public void checkOption(String name, Span span) {
        List<String> names = optionNames();
        if (names.contains(name)) return;
        if (names.isEmpty())
            throw Mistake.form(
                    ErrorCode.UNKNOWN_OPTION, "`" + word + "` takes no options", span, "it is written " + usage);
        List<String> near = Spelling.nearest(name, names, 1);
        String all = "its options are " + String.join("= and ", names) + "=";
        if (names.size() == 1) all = "its option is " + names.getFirst() + "=";
        throw Mistake.form(
                ErrorCode.UNKNOWN_OPTION,
                "`" + word + "` has no option `" + name + "`",
                span,
                near.isEmpty() ? all : "did you mean " + near.getFirst() + "=? " + all);
    }

    private AbstractValue ofNumbers(FunctionCall call, Takes takes, Body body) {
        List<FunctionCall.Argument> arguments = call.arguments();
        for (int i = 0; i < arguments.size(); i++) {
            AbstractValue given = arguments.get(i).value();
            boolean list = takes.takesList(i, arguments.size());
            boolean right = given.type().mayBe(Type.NUMBER) || list && given.type() == Type.LIST;
            if (!right) throw wrong(given, arguments.get(i).span(), Takes.PHRASE);
            if (given.type() == Type.LIST && takes == Takes.NUMBERS_OR_A_LIST)
                checkItem(Shapes.itemOf(given), call.span());
        }
        if (!call.isKnown()) {
            return takes == Takes.EACH ? eachLike(arguments.getFirst().value(), Type.NUMBER) : Unknown.of(Type.NUMBER);
        }
        List<Value> known = arguments.stream().map(it -> (Value) it.value()).toList();
        return body.apply(this, known, call.span());
    }

    private void checkItem(AbstractValue item, Span span) {
        if (!item.type().mayBe(Type.NUMBER)) throw wrong(item, span, Takes.PHRASE);
    }

    /** What is known of what a function makes of a value, or of each item of a list. */
    static AbstractValue eachLike(AbstractValue given, Type made) {
        return switch (given.type()) {
            case LIST -> Unknown.listOf(eachLike(Shapes.itemOf(given), made));
            case ANY -> Unknown.ANY;
            default -> Unknown.of(made);
        };
    }

    Mistake wrong(AbstractValue argument, Span span, String takes) {
        String help = switch (argument.type()) {
            case RESULT -> "name one of its fields, as r.metric";
            case NONE -> "leave it out: [x for x in list if x != none]";
            default -> "";
        };
        return Mistake.value(
                ErrorCode.WRONG_TYPE,
                "`" + word + "` takes " + takes + ", and this is " + argument.phrase(),
                span,
                help);
    }

    double number(Value value, Span span) {
        if (value instanceof Value.Number n) return n.value();
        throw wrong(value, span, Takes.PHRASE);
    }

    /** The numbers of a list that is the only argument, or of several arguments. */
    double[] numbers(List<Value> arguments, Span span) {
        List<Value> items = arguments;
        if (arguments.size() == 1 && arguments.getFirst() instanceof Value.ListOf(List<Value> listed)) items = listed;
        double[] numbers = new double[items.size()];
        for (int i = 0; i < numbers.length; i++) numbers[i] = number(items.get(i), span);
        return numbers;
    }

    /** That a list has no such value, as an empty one has no mean. */
    Mistake ofNothing(Span span) {
        return Mistake.value(ErrorCode.EMPTY_LIST, "an empty list has no " + word, span, "");
    }

    /** A function of a number, of each item where it is a list. */
    Value each(Value value, DoubleUnaryOperator function, Span span) {
        if (value instanceof Value.ListOf(List<Value> items)) {
            return new Value.ListOf(
                    items.stream().map(item -> each(item, function, span)).toList());
        }
        return Operators.finite(function.applyAsDouble(number(value, span)), word, span);
    }
}
