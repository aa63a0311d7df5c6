package io.circuitscript.editor.document;

import io.circuitscript.runtime.Examiner;
import io.circuitscript.source.Source;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a check knew on its way through a text. While a text is being written, what is before the place stays as it was. */
record Track(Source source, List<Examiner.Passed> passed) {
    /** The last place before an offset up to which another text is the same. @param text of which the offset is, in code points */
    Optional<Examiner.Passed> before(String text, int offset) {
        char[] known = source.text().toCharArray();
        char[] now = text.toCharArray();
        int same = Arrays.mismatch(known, now);
        int length = same < 0 ? known.length : same;
        int most = Math.min(Character.codePointCount(known, 0, length), offset);
        Examiner.Passed last = null;
        for (Examiner.Passed place : passed) {
            if (place.start() > most) break;
            last = place;
        }
        return Optional.ofNullable(last);
    }
}
