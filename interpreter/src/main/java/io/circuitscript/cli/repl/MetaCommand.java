package io.circuitscript.cli.repl;

import io.circuitscript.source.Spelling;
import java.util.Arrays;
import java.util.List;

/** A command to the prompt itself: a word after a colon, such as {@code :help}. */
enum MetaCommand {
    HELP("help", "", "this list"),
    LIST("list", "", "the statements of this session that ran"),
    SAVE("save", "FILE", "writes them as a script; :save! writes over a file that exists"),
    LOAD("load", "FILE", "runs a script here, its variables and its model stay"),
    ALL("all", "", "the last result in full, where it was cut short"),
    TIME("time", "", "shows how long statements take, or no longer"),
    RESET("reset", "", "forgets everything: model, data, circuits, variables"),
    QUIT("quit", "", "leaves, as Ctrl-D does; also :q");

    private final String word;
    private final String operand;
    private final String doc;

    MetaCommand(String word, String operand, String doc) {
        this.word = word;
        this.operand = operand;
        this.doc = doc;
    }

    /** One that was typed, with what stands after its word. */
    record Given(MetaCommand command, String operand, boolean forced) {}

    String word() {
        return ":" + word;
    }

    String doc() {
        return doc;
    }

    boolean takesFile() {
        return !operand.isEmpty();
    }

    String usage() {
        return word() + (operand.isEmpty() ? "" : " " + operand);
    }

    static boolean is(String text) {
        return text.stripLeading().startsWith(":");
    }

    /** @throws NotUnderstood where there is none of that name, or it is wrongly used */
    static Given read(String text) {
        String[] parts = text.strip().substring(1).strip().split("\\s+", 2);
        boolean forced = parts[0].equals("save!");
        String name = forced
                ? "save"
                : parts[0].equals("q") ? "quit" : parts[0].equals("h") || parts[0].equals("?") ? "help" : parts[0];
        String operand = parts.length == 1 ? "" : parts[1].strip().replaceAll("^\"(.*)\"$", "$1");
        MetaCommand command = Arrays.stream(values())
                .filter(one -> one.word.equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
        if (operand.isEmpty() == command.operand.isEmpty()) return new Given(command, operand, forced);
        String message = command.takesFile()
                ? command.word() + " needs a file's name"
                : command.word() + " takes nothing after it";
        throw new BadMetaCommand(message, "write " + command.usage());
    }

    private static BadMetaCommand unknown(String name) {
        List<String> words = Arrays.stream(values()).map(one -> one.word).toList();
        List<String> near = Spelling.nearest(name, words, 2).stream()
                .map(word -> ":" + word)
                .toList();
        String help = near.isEmpty()
                ? "the commands are "
                        + String.join(
                                ", ", words.stream().map(word -> ":" + word).toList())
                : Spelling.question(near);
        return new BadMetaCommand("there is no :" + name, help);
    }
}
