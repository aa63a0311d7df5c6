package io.circuitscript.notebook.display;

/** A bar with how far work has come. */
public final class ProgressHtml {
    private ProgressHtml() {}

    /** @param share of the work that is done; less than 0 where nobody knows @param line how far it is in words */
    public static String of(double share, String line) {
        String fill = share < 0
                ? ""
                : Html.styled(
                        "div",
                        "height:100%;border-radius:4px;background:" + Html.ACCENT + ";width:" + Html.percent(share),
                        "");
        String bar = Html.styled(
                "div", "flex:0 0 12em;max-width:40%;height:8px;border-radius:4px;background:" + Html.RULE, fill);
        String words = Html.styled(
                "span",
                "font-family:" + Html.MONO
                        + ";font-size:90%;white-space:pre-wrap;font-variant-numeric:tabular-nums;color:" + Html.INK,
                Html.escaped(line));
        return "<div class=\"circuitscript-progress\" style=\"display:flex;gap:1em;align-items:center\">"
                + (share < 0 ? "" : bar) + words + "</div>";
    }
}
