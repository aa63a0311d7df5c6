package io.circuitscript.conformance;

import java.util.ArrayList;
import java.util.List;

/**
 * A block of a documentation page that is not prose.
 *
 * @param kind what it is
 * @param language the word after the fence, as {@code sh}; empty for a script
 * @param name the file that it is; empty where it is none
 * @param line the number of its first line in the page, from 1
 * @param text its lines, each with its line end, without the fence or the indentation
 */
record PageBlock(Kind kind, String language, String name, int line, String text) {
    enum Kind {
        /** Indented by four spaces: a script. */
        SCRIPT,
        /** A fence {@code sh}: commands for a shell. */
        SHELL,
        /** A fence {@code text}: what the script or the commands before it print. */
        OUTPUT,
        /** A fence with a language and a name: a file of that name. */
        FILE,
        /** Any other fence: shown, and not run. */
        SHOWN
    }

    /** A part of a page under one heading, whose blocks share a folder. */
    record Section(String page, String heading, List<PageBlock> blocks) {}

    /** The sections of a page that have blocks, in order. */
    static List<Section> sections(String page, List<String> lines) {
        return new Reader(page, lines).read();
    }

    private static final class Reader {
        private static final String FENCE = "```";
        private static final String INDENT = "    ";

        private final String page;
        private final List<String> lines;
        private final List<Section> sections = new ArrayList<>();
        private List<PageBlock> blocks = new ArrayList<>();
        private String heading = "";

        Reader(String page, List<String> lines) {
            this.page = page;
            this.lines = lines;
        }

        List<Section> read() {
            int at = 0;
            while (at < lines.size()) {
                String line = lines.get(at);
                if (line.startsWith("#")) begin(line.replaceFirst("^#+ ", ""));
                if (line.startsWith(FENCE)) at = fence(at);
                else if (line.startsWith(INDENT)) at = script(at);
                else at++;
            }
            begin("");
            return sections;
        }

        private void begin(String next) {
            if (!blocks.isEmpty()) sections.add(new Section(page, heading, blocks));
            blocks = new ArrayList<>();
            heading = next;
        }

        /** @return the index of the line after the fence */
        private int fence(int open) {
            String[] words = lines.get(open).substring(FENCE.length()).strip().split(" ", 2);
            StringBuilder text = new StringBuilder();
            int at = open + 1;
            while (!lines.get(at).equals(FENCE)) text.append(lines.get(at++)).append('\n');
            String name = words.length > 1 ? words[1] : "";
            blocks.add(new PageBlock(kind(words[0], name), words[0], name, open + 2, text.toString()));
            return at + 1;
        }

        private static Kind kind(String language, String name) {
            if (!name.isEmpty()) return Kind.FILE;
            return switch (language) {
                case "sh" -> Kind.SHELL;
                case "text" -> Kind.OUTPUT;
                default -> Kind.SHOWN;
            };
        }

        /** A script goes on over empty lines. @return the index of the line after it */
        private int script(int first) {
            int end = first;
            for (int at = first; at < lines.size(); at++) {
                if (lines.get(at).startsWith(INDENT)) end = at + 1;
                else if (!lines.get(at).isBlank()) break;
            }
            StringBuilder text = new StringBuilder();
            for (String line : lines.subList(first, end))
                text.append(line.isBlank() ? "" : line.substring(INDENT.length()))
                        .append('\n');
            blocks.add(new PageBlock(Kind.SCRIPT, "", "", first + 1, text.toString()));
            return end;
        }
    }
}
