package io.circuitscript.runtime.value;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What the check knows of a value that only a run can give. There are none in a run.
 *
 * @param origin of a result or a record: what messages call it, with its article; or empty
 * @param fields of a result or a record: what is known of each field
 * @param item of a list: what is known of each of its items, where anything is
 */
public record Unknown(
        Type type, String origin, SequencedMap<String, AbstractValue> fields, Optional<AbstractValue> item)
        implements AbstractValue {
    /** Of which nothing is known. */
    public static final Unknown ANY = Unknown.of(Type.ANY);

    public Unknown {
        fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
    }

    public static Unknown of(Type type) {
        return new Unknown(type, "", new LinkedHashMap<>(), Optional.empty());
    }

    /** @param statement the word of the statement whose result it is */
    public static Unknown result(String statement, SequencedMap<String, AbstractValue> fields) {
        return new Unknown(Type.RESULT, "the result of " + statement, fields, Optional.empty());
    }

    public static Unknown record(SequencedMap<String, AbstractValue> fields) {
        return new Unknown(Type.RESULT, "a record", fields, Optional.empty());
    }

    /** A list. @param item what is known of each of its items */
    public static Unknown listOf(AbstractValue item) {
        boolean known = !item.equals(ANY);
        return new Unknown(Type.LIST, "", new LinkedHashMap<>(), known ? Optional.of(item) : Optional.empty());
    }

    /** The same with one field known better. */
    public Unknown with(String field, AbstractValue value) {
        var more = new LinkedHashMap<>(fields);
        more.put(field, value);
        return new Unknown(type, origin, more, item);
    }

    public Optional<AbstractValue> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    @Override
    public String phrase() {
        return origin.isEmpty() ? type.phrase() : origin;
    }
}
