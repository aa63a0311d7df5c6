package io.circuitscript.runtime.value;

import static io.circuitscript.runtime.value.Type.ANY;
import static io.circuitscript.runtime.value.Type.EDGES;
import static io.circuitscript.runtime.value.Type.LIST;
import static io.circuitscript.runtime.value.Type.NODES;
import static io.circuitscript.runtime.value.Type.NUMBER;
import static io.circuitscript.runtime.value.Type.TEXT;
import static io.circuitscript.runtime.value.Type.TRUTH;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Expression.Operator;
import java.util.ArrayList;
import java.util.List;

/** Applies operators to values. For an unknown operand, the result is what its type allows. */
public final class Operators {
    private Operators() {}

    public static AbstractValue unary(Operator operator, AbstractValue operand, Span span) {
        Type wanted = operator == Operator.NOT ? TRUTH : NUMBER;
        if (!operand.type().mayBe(wanted)) {
            String what = operator == Operator.NOT ? "`not` takes a truth value" : "a sign takes a number";
            throw Mistake.value(
                    ErrorCode.WRONG_TYPE,
                    what + ", and this is " + operand.phrase(),
                    span,
                    truthHelp(operator, operand));
        }
        return switch (operand) {
            case Value.Bool(boolean value) -> new Value.Bool(!value);
            case Value.Number n -> operator == Operator.NEGATE ? new Value.Number(-n.value(), n.percent()) : n;
            default -> Unknown.of(wanted);
        };
    }

    private static String truthHelp(Operator operator, AbstractValue operand) {
        return operator == Operator.NOT && operand.type() == NUMBER ? "compare it: x != 0" : "";
    }

    public static AbstractValue binary(Operator operator, AbstractValue left, AbstractValue right, Span span) {
        return switch (operator) {
            case EQUAL, NOT_EQUAL -> equality(operator, left, right);
            case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> order(operator, left, right, span);
            case IN -> membership(left, right, span);
            case ADD, SUBTRACT, INTERSECT, MULTIPLY, DIVIDE, POWER -> arithmetic(operator, left, right, span);
            case NEGATE, PLUS, NOT, AND, OR -> throw new IllegalArgumentException(operator.text());
        };
    }

    private static AbstractValue equality(Operator operator, AbstractValue left, AbstractValue right) {
        if (!(left instanceof Value a) || !(right instanceof Value b)) return Unknown.of(TRUTH);
        return new Value.Bool(equal(a, b) == (operator == Operator.EQUAL));
    }

    /** By what they hold; values of two types are never equal. */
    static boolean equal(Value a, Value b) {
        if (a instanceof Value.Number x && b instanceof Value.Number y) return x.value() == y.value();
        if (a instanceof Value.ListOf(List<Value> x) && b instanceof Value.ListOf(List<Value> y)) {
            if (x.size() != y.size()) return false;
            for (int i = 0; i < x.size(); i++) {
                if (!equal(x.get(i), y.get(i))) return false;
            }
            return true;
        }
        if (a instanceof Value.Fields x && b instanceof Value.Fields y) {
            return x.fields().keySet().equals(y.fields().keySet())
                    && x.fields().entrySet().stream()
                            .allMatch(
                                    field -> equal(field.getValue(), y.fields().get(field.getKey())));
        }
        return a.equals(b);
    }

    private static AbstractValue order(Operator operator, AbstractValue left, AbstractValue right, Span span) {
        boolean numbers = left.type().mayBe(NUMBER) && right.type().mayBe(NUMBER);
        boolean texts = left.type().mayBe(TEXT) && right.type().mayBe(TEXT);
        if (!numbers && !texts) {
            String message = left.phrase() + " and " + right.phrase() + " have no order";
            throw Mistake.value(ErrorCode.WRONG_TYPE, message, span, orderHelp(left, right));
        }
        int compared;
        if (left instanceof Value.Number a && right instanceof Value.Number b) compared = compare(a.value(), b.value());
        else if (left instanceof Value.Text a && right instanceof Value.Text b)
            compared = a.value().compareTo(b.value());
        else return Unknown.of(TRUTH);
        return new Value.Bool(
                switch (operator) {
                    case LESS -> compared < 0;
                    case LESS_OR_EQUAL -> compared <= 0;
                    case GREATER -> compared > 0;
                    default -> compared >= 0;
                });
    }

    private static String orderHelp(AbstractValue left, AbstractValue right) {
        if (left.type() == Type.RESULT || right.type() == Type.RESULT) return "compare one of its fields, as r.metric";
        return "`<` and its like compare two numbers or two texts";
    }

    private static int compare(double a, double b) {
        return a < b ? -1 : a > b ? 1 : 0;
    }

    private static AbstractValue membership(AbstractValue left, AbstractValue right, Span span) {
        if (!right.type().mayBe(LIST, TEXT, NODES, EDGES)) {
            throw Mistake.value(
                    ErrorCode.WRONG_TYPE,
                    "`in` looks into a list, a text or a set, and this is " + right.phrase(),
                    span,
                    "");
        }
        return switch (right) {
            case Value.ListOf(List<Value> items)
            when left instanceof Value value -> new Value.Bool(items.stream().anyMatch(item -> equal(item, value)));
            case Value.Text text
            when left instanceof Value.Text part -> new Value.Bool(text.value().contains(part.value()));
            case Value.Nodes all
            when left instanceof Value.Nodes some -> new Value.Bool(all.nodes().containsAll(some.nodes()));
            case Value.EdgeSet all
            when left instanceof Value.EdgeSet some -> new Value.Bool(Sets.contains(all, some, span));
            default -> {
                if (left instanceof Value && right instanceof Value) {
                    throw Mistake.value(
                            ErrorCode.WRONG_TYPE, left.phrase() + " cannot be in " + right.phrase(), span, "");
                }
                yield Unknown.of(TRUTH);
            }
        };
    }

    private static AbstractValue arithmetic(Operator operator, AbstractValue left, AbstractValue right, Span span) {
        Type type = arithmeticType(operator, left.type(), right.type());
        if (type == null) {
            String message =
                    "`" + operator.text() + "` " + "does not go with " + left.phrase() + " and " + right.phrase();
            throw Mistake.value(ErrorCode.WRONG_TYPE, message, span, arithmeticHelp(operator, left, right));
        }
        if (left instanceof Value.Number a && right instanceof Value.Number b)
            return number(operator, a.value(), b.value(), span);
        if (left instanceof Value.Text a && right instanceof Value.Text b) {
            String joined = a.value() + b.value();
            ValueLimits.check(joined, span);
            return new Value.Text(joined);
        }
        if (left instanceof Value.ListOf a && right instanceof Value.ListOf b) {
            List<Value> items = new ArrayList<>(a.items());
            items.addAll(b.items());
            return new Value.ListOf(ValueLimits.checked(items, span));
        }
        if (isSet(left) && isSet(right)) return Sets.combine(operator, (Value) left, (Value) right, span);
        return Unknown.of(type);
    }

    private static boolean isSet(AbstractValue operand) {
        return operand instanceof Value.Nodes || operand instanceof Value.EdgeSet;
    }

    /** The type of the result; null where the operands do not go together. */
    private static Type arithmeticType(Operator operator, Type left, Type right) {
        boolean sets = operator == Operator.ADD || operator == Operator.SUBTRACT || operator == Operator.INTERSECT;
        if (operator != Operator.INTERSECT && left.mayBe(NUMBER) && right.mayBe(NUMBER)) {
            return sets && left == ANY && right == ANY ? ANY : NUMBER;
        }
        if (operator == Operator.ADD && left.mayBe(TEXT) && right.mayBe(TEXT)) return TEXT;
        if (operator == Operator.ADD && left.mayBe(LIST) && right.mayBe(LIST)) return LIST;
        if (!sets || !left.mayBe(NODES, EDGES) || !right.mayBe(NODES, EDGES)) return null;
        if (left == EDGES || right == EDGES) return EDGES;
        return left == ANY || right == ANY ? ANY : NODES;
    }

    private static String arithmeticHelp(Operator operator, AbstractValue left, AbstractValue right) {
        boolean text = left.type() == TEXT || right.type() == TEXT;
        boolean number = left.type() == NUMBER || right.type() == NUMBER;
        if (operator == Operator.ADD && text && number) return "put the number into the text: \"… {x}\"";
        if (left.type() == Type.RESULT || right.type() == Type.RESULT) return "name one of its fields, as r.metric";
        return "";
    }

    private static Value number(Operator operator, double a, double b, Span span) {
        if (operator == Operator.DIVIDE && b == 0)
            throw Mistake.value(ErrorCode.DIVISION_BY_ZERO, "this divides by zero", span, "");
        double value = switch (operator) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case POWER -> Math.pow(a, b);
            default -> throw new IllegalArgumentException(operator.text());
        };
        return finite(value, operator.text(), span);
    }

    /** A number, where it is one. */
    public static Value finite(double value, String what, Span span) {
        if (Double.isFinite(value)) return new Value.Number(value);
        String reason = Double.isNaN(value)
                ? "has no value here"
                : value < 0 ? "is minus infinity here, or beyond it" : "is too large for a number here";
        throw Mistake.value(ErrorCode.NOT_A_NUMBER, "`" + what + "` " + reason, span, "");
    }
}
