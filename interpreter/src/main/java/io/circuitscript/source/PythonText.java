package io.circuitscript.source;

import java.util.Locale;

/** Text inside a string of a Python program that a message shows as a command for a shell: a name as the user gave it, whatever it is made of. */
public final class PythonText {
    private PythonText() {}

    /** Letters, digits and what file names usually have stay; Python writes the rest by number, so that neither quotes nor a shell read it. */
    public static String escaped(String text) {
        var escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (Character.isLetterOrDigit(c) || "._/-+,()@%=: ".indexOf(c) >= 0) escaped.appendCodePoint(c);
            else escaped.append(String.format(Locale.ROOT, c < 0x80 ? "\\x%02x" : "\\U%08x", c));
        });
        return escaped.toString();
    }
}
