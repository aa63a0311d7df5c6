package io.circuitscript.runtime.value;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What the check knows of a value that only a run can give. There are none in a run.
 *
 * @param statement the word of the statement whose result it is, or empty
 * @param fields of a result: what is known of each field
 */
public record Unknown(Type type, String statement, SequencedMap<String, AbstractValue> fields)
        implements AbstractValue {
    /** Of which nothing is known. */
    public static final Unknown ANY = Unknown.of(Type.ANY);

    public Unknown {
        fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
    }

    public static Unknown of(Type type) {
        return new Unknown(type, "", new LinkedHashMap<>());
    }

    public static Unknown result(String statement, SequencedMap<String, AbstractValue> fields) {
        return new Unknown(Type.RESULT, statement, fields);
    }

    /** The same with one field known better. */
    public Unknown with(String field, AbstractValue value) {
        var more = new LinkedHashMap<>(fields);
        more.put(field, value);
        return new Unknown(type, statement, more);
    }

    public Optional<AbstractValue> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    @Override
    public String phrase() {
        return statement.isEmpty() ? type.phrase() : "the result of " + statement;
    }
}
