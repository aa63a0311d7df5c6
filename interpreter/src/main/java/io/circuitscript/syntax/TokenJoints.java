package io.circuitscript.syntax;

import io.circuitscript.grammar.CircuitLexer;
import io.circuitscript.grammar.CircuitParser.ArgumentContext;
import io.circuitscript.grammar.CircuitParser.ArrowContext;
import io.circuitscript.grammar.CircuitParser.BlockContext;
import io.circuitscript.grammar.CircuitParser.EntryContext;
import io.circuitscript.grammar.CircuitParser.OpenContext;
import io.circuitscript.grammar.CircuitParser.OptionContext;
import io.circuitscript.grammar.CircuitParser.ParameterContext;
import io.circuitscript.grammar.CircuitParser.RangeContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;

/**
 * What the formatter asks of the parse tree: which tokens join their neighbours without a space, and which braces are
 * those of a block.
 */
final class TokenJoints {
    private final Set<Token> tight = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Token> openers = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Token> closers = Collections.newSetFromMap(new IdentityHashMap<>());

    private TokenJoints() {}

    static TokenJoints of(ParserRuleContext tree) {
        var joints = new TokenJoints();
        joints.visit(tree);
        return joints;
    }

    boolean isTight(Token token) {
        return tight.contains(token);
    }

    boolean opensBlock(Token token) {
        return openers.contains(token);
    }

    boolean closesBlock(Token token) {
        return closers.contains(token);
    }

    private void visit(ParseTree node) {
        switch (node) {
            case OptionContext option -> tight.add(option.ASSIGN().getSymbol());
            case EntryContext entry -> tight.add(entry.ASSIGN().getSymbol());
            case ArgumentContext argument -> {
                if (argument.ASSIGN() != null) tight.add(argument.ASSIGN().getSymbol());
            }
            case ParameterContext parameter -> {
                if (parameter.ASSIGN() != null) tight.add(parameter.ASSIGN().getSymbol());
            }
            case OpenContext open -> tight.add(open.getStart());
            case BlockContext block -> {
                openers.add(block.getStart());
                closers.add(block.getStop());
            }
            case ArrowContext arrow -> {
                if (arrow.range().stream().allMatch(TokenJoints::isPlain))
                    arrow.ARROW().forEach(sign -> tight.add(sign.getSymbol()));
            }
            case RangeContext range -> {
                boolean numbers = range.sum().stream()
                        .map(TokenJoints::leaves)
                        .allMatch(it -> it.size() == 1 && is(it.getFirst(), CircuitLexer.NUMBER));
                if (numbers) range.RANGE().forEach(sign -> tight.add(sign.getSymbol()));
            }
            default -> {}
        }
        for (int i = 0; i < node.getChildCount(); i++) visit(node.getChild(i));
    }

    /** A node or a pattern, with or without a port. */
    private static boolean isPlain(ParseTree side) {
        List<Token> leaves = leaves(side);
        boolean nodes = !leaves.isEmpty()
                && is(leaves.getFirst(), CircuitLexer.WORD)
                && Words.readsAsNodes(leaves.getFirst().getText());
        if (!nodes) return false;
        int at = 0;
        while (at < leaves.size() && !is(leaves.get(at), CircuitLexer.AT)) at++; // a span may follow
        return at == 1 || at == 2 && is(leaves.get(1), CircuitLexer.PORT);
    }

    private static boolean is(Token token, int type) {
        return token.getType() == type;
    }

    /** The first tokens below a node: at most three, since nothing asks for more. */
    private static List<Token> leaves(ParseTree node) {
        List<Token> found = new ArrayList<>();
        leaves(node, found);
        return found;
    }

    private static void leaves(ParseTree node, List<Token> found) {
        if (node instanceof TerminalNode leaf) found.add(leaf.getSymbol());
        for (int i = 0; i < node.getChildCount() && found.size() < 3; i++) leaves(node.getChild(i), found);
    }
}
