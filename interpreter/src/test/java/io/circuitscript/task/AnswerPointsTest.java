package io.circuitscript.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.circuitscript.engine.Continuations;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where answers of several tokens are read. */
class AnswerPointsTest {
    @Test
    void singleTokensNeedNothingBehindTheText() {
        AnswerPoints points = new AnswerPoints(1);
        points.read(0, points.answer(new int[] {7}));
        assertSame(Continuations.NONE, points.continuations(0));
    }

    /** A hundred numbers of two digits: the second digit is read after each of ten. */
    @Test
    void answersThatBeginAlikeShareARun() {
        AnswerPoints points = new AnswerPoints(2);
        for (int tens = 0; tens < 10; tens++) {
            for (int ones = 0; ones < 10; ones++) points.read(1, points.answer(new int[] {tens, ones}));
        }
        assertSame(Continuations.NONE, points.continuations(0));
        Continuations then = points.continuations(1);
        assertEquals(10, then.sequences().size());
        assertEquals(11, then.points().size());
        assertEquals(new Continuations.Point(0, 0), then.points().getFirst());
        assertEquals(1, then.longest());
    }

    /** {@code a b c} is read in the run of {@code a b d e}'s beginning; the beginnings are points of the first run that has them. */
    @Test
    void anAnswerThatIsABeginningSharesTheLongerRun() {
        AnswerPoints points = new AnswerPoints(1);
        AnswerPoints.Answer shorter = points.answer(new int[] {1, 2, 3});
        AnswerPoints.Answer longer = points.answer(new int[] {1, 2, 4, 5});
        AnswerPoints.Answer other = points.answer(new int[] {6, 2});
        for (AnswerPoints.Answer answer : List.of(shorter, longer, other)) points.read(0, answer);
        Continuations then = points.continuations(0);
        assertEquals(List.of(List.of(1, 2, 4), List.of(6)), then.sequences());
        assertEquals(
                List.of(
                        new Continuations.Point(0, 0),
                        new Continuations.Point(0, 1),
                        new Continuations.Point(0, 2),
                        new Continuations.Point(0, 3),
                        new Continuations.Point(1, 1)),
                then.points());
        assertEquals(2, points.point(0, shorter.nodes()[2]));
        assertEquals(3, points.point(0, longer.nodes()[3]));
        assertEquals(0, points.point(0, other.nodes()[0]));
        assertEquals(4, points.point(0, other.nodes()[1]));
    }
}
