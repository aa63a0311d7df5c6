package io.circuitscript.notebook.display;

import java.util.Locale;

/** HTML for a cell. Colours are the notebook's own where it has names for them, and otherwise readable on light and on dark. */
final class Html {
    static final String INK = "var(--jp-content-font-color1,inherit)";
    static final String FAINT = "var(--jp-content-font-color2,#767676)";
    static final String RULE = "var(--jp-border-color2,#8886)";
    static final String ACCENT = "var(--jp-brand-color1,#2f7ed8)";
    static final String MONO = "var(--jp-code-font-family,ui-monospace,monospace)";

    private Html() {}

    /** Text as it stands in HTML, in an element or in a quoted attribute. */
    static String escaped(String text) {
        StringBuilder html = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                default -> html.append(c);
            }
        }
        return html.toString();
    }

    /** An element with a style. @param content HTML */
    static String styled(String element, String style, String content) {
        return "<" + element + " style=\"" + style + "\">" + content + "</" + element + ">";
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * Math.clamp(share, 0, 1));
    }
}
