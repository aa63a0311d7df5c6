package io.circuitscript.editor.document;

import io.circuitscript.runtime.Examiner;
import io.circuitscript.source.Source;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a check knew on its way through a text. While a text is being written, what is before the place stays as it was. */
record Track(Source source, List<Examiner.Passed> passed) {
    /** The last place before an offset of the same text. */
    Optional<Examiner.Passed> before(int offset) {
        Examiner.Passed last = null;
        for (Examiner.Passed place : passed) {
            if (place.start() > offset) break;
            last = place;
        }
        return Optional.ofNullable(last);
    }

    /** The last place up to which another text is the same. */
    Optional<Examiner.Passed> before(Beginning other) {
        char[] before = source.text().toCharArray();
        char[] now = other.text().toCharArray();
        int same = Arrays.mismatch(before, now);
        int length = same < 0 ? before.length : same;
        int characters = Character.codePointCount(before, 0, length);
        return before(Math.min(characters, other.offset()));
    }
}
