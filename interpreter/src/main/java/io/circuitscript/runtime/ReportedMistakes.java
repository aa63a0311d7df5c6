package io.circuitscript.runtime;

import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.ErrorCode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Collects the mistakes that a check finds, each once. Where it is not known whether a statement runs, it keeps only
 * mistakes that are wrong on every path.
 */
final class ReportedMistakes {
    /** That a name stands for nothing: an import may define it. */
    private static final Set<ErrorCode> UNKNOWN = EnumSet.of(
            ErrorCode.UNKNOWN_NAME,
            ErrorCode.UNKNOWN_FUNCTION,
            ErrorCode.UNKNOWN_OPTION,
            ErrorCode.UNKNOWN_PARAMETER,
            ErrorCode.UNKNOWN_FIELD,
            ErrorCode.UNKNOWN_CIRCUIT,
            ErrorCode.UNKNOWN_METRIC,
            ErrorCode.UNKNOWN_NODE,
            ErrorCode.UNKNOWN_PORT,
            ErrorCode.UNKNOWN_DEVICE,
            ErrorCode.UNKNOWN_FORMAT,
            ErrorCode.UNKNOWN_TASK,
            ErrorCode.UNKNOWN_RUN);

    private final List<Mistake> mistakes = new ArrayList<>();
    private final Set<String> assignedSomewhere;

    /** Whether an import could not be read. */
    private boolean unread;

    /** @param assignedSomewhere every name that the script gives a value, in whatever block; it may grow */
    ReportedMistakes(Set<String> assignedSomewhere) {
        this.assignedSomewhere = assignedSomewhere;
    }

    /** From now on an unknown name may be one that an import defines. */
    void setUnread() {
        unread = true;
    }

    /** Takes all mistakes of one statement. @param sure whether the statement runs */
    void add(Mistake mistake, boolean sure) {
        addOne(mistake, sure);
        mistake.others().forEach(other -> addOne(other, sure));
    }

    private void addOne(Mistake mistake, boolean sure) {
        Diagnostic said = mistake.diagnostic();
        boolean unknown = UNKNOWN.contains(said.code());
        if (unknown && unread) return;
        if (!sure
                && (mistake.nature() == Mistake.Nature.VALUE
                        || unknown && mayBeDefined(said.span().text()))) return;
        boolean known = mistakes.stream()
                .map(Mistake::diagnostic)
                .anyMatch(d -> d.span().equals(said.span()) && d.code().equals(said.code()));
        if (!known) mistakes.add(mistake);
    }

    /** Where two blocks may both run or both not, one may define what the other uses. */
    private boolean mayBeDefined(String name) {
        return assignedSomewhere.stream()
                .anyMatch(assigned -> name.equals(assigned) || name.startsWith(assigned + "."));
    }

    List<Mistake> mistakes() {
        return List.copyOf(mistakes);
    }
}
