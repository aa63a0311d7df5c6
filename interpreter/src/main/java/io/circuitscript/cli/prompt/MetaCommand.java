package io.circuitscript.cli.prompt;

import io.circuitscript.source.Spelling;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** A command to the prompt itself: a word after a colon, such as {@code :help}; after a percent sign in a notebook. */
public enum MetaCommand {
    HELP("help", Operand.NONE, "this list"),
    STATE("state", Operand.NONE, "model, data, metric, scores, circuit and settings"),
    VARS("vars", Operand.NONE, "the variables and functions"),
    RESULTS("results", Operand.NONE, "the last results and their names: _1, _2, …"),
    CIRCUITS("circuits", Operand.NONE, "the circuits that have a name, and the current one"),
    LIST("list", Operand.NONE, "the statements of this session that ran"),
    EDIT("edit", Operand.FUNCTION, "opens the last input, or a function, in your editor, and runs what you save"),
    SAVE("save", Operand.FILE, "writes what ran as a script; {}save! writes over a file that exists"),
    LOAD("load", Operand.FILE, "runs a script here, its variables and its model stay"),
    CD("cd", Operand.FOLDER, "shows or changes the folder that names of files start from"),
    ALL("all", Operand.NONE, "the last result in full, where it was cut short"),
    TIME("time", Operand.NONE, "shows how long statements take, or no longer"),
    RESET("reset", Operand.NONE, "forgets everything: model, data, circuits, variables"),
    QUIT("quit", Operand.NONE, "leaves, as Ctrl-D does; also {}q");

    /** What stands after the word. */
    enum Operand {
        NONE(""),
        FILE("FILE"),
        /** May be left out. */
        FOLDER("[FOLDER]"),
        /** May be left out. */
        FUNCTION("[FUNCTION]");

        private final String usage;

        Operand(String usage) {
            this.usage = usage;
        }
    }

    /** What stands before the word where it is typed at a terminal. */
    public static final String TYPED = ":";

    private final String word;
    private final Operand operand;
    private final String doc;

    MetaCommand(String word, Operand operand, String doc) {
        this.word = word;
        this.operand = operand;
        this.doc = doc;
    }

    /** One that was typed, with what stands after its word. */
    record Given(MetaCommand command, String operand, boolean forced) {}

    /** @param mark what stands before the word */
    public String word(String mark) {
        return mark + word;
    }

    /** @param mark what stands before the word */
    public String doc(String mark) {
        return doc.replace("{}", mark);
    }

    Operand operand() {
        return operand;
    }

    String usage(String mark) {
        return word(mark) + (operand == Operand.NONE ? "" : " " + operand.usage);
    }

    public static boolean is(String text) {
        return is(text, TYPED);
    }

    public static boolean is(String text, String mark) {
        return text.stripLeading().startsWith(mark);
    }

    /**
     * @param here whether one can be had here: those that cannot are understood, and named nowhere
     * @throws BadMetaCommand where there is none of that name, or it is wrongly used
     */
    static Given read(String text, String mark, Predicate<MetaCommand> here) {
        String[] parts = text.strip().substring(1).strip().split("\\s+", 2);
        boolean forced = parts[0].equals("save!");
        String name = forced
                ? "save"
                : parts[0].equals("q") ? "quit" : parts[0].equals("h") || parts[0].equals("?") ? "help" : parts[0];
        String operand = parts.length == 1 ? "" : parts[1].strip().replaceAll("^\"(.*)\"$", "$1");
        MetaCommand command = Arrays.stream(values())
                .filter(one -> one.word.equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name, mark, here));
        boolean wrong = operand.isEmpty() ? command.operand == Operand.FILE : command.operand == Operand.NONE;
        if (!wrong) return new Given(command, operand, forced);
        String message = operand.isEmpty()
                ? command.word(mark) + " needs a file's name"
                : command.word(mark) + " takes nothing after it";
        throw new BadMetaCommand(message, "write " + command.usage(mark));
    }

    private static BadMetaCommand unknown(String name, String mark, Predicate<MetaCommand> here) {
        List<String> words =
                Arrays.stream(values()).filter(here).map(one -> one.word).toList();
        List<String> near = Spelling.nearest(name, words, 2).stream()
                .map(word -> mark + word)
                .toList();
        String help = near.isEmpty()
                ? "the commands are "
                        + String.join(
                                ", ", words.stream().map(word -> mark + word).toList())
                : Spelling.question(near);
        return new BadMetaCommand("there is no " + mark + name, help);
    }
}
