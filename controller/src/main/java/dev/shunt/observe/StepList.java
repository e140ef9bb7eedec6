package dev.shunt.observe;

import dev.shunt.observe.Explanation.ExplainedStep;
import dev.shunt.observe.Explanation.StepStatus;
import java.util.ArrayList;
import java.util.List;

/** The way of a connection, step by step. Pure. */
final class StepList {
  private static final List<Step> WAY =
      List.of(Step.UNPAIRED, Step.PENDING, Step.PAIRED, Step.ADOPTED, Step.JOINED);

  private StepList() {}

  /**
   * All five steps up to JOINED, and LEAVING and LEFT when they were taken. The first step that was
   * not reached carries the reason; later ones carry none.
   */
  static List<ExplainedStep> of(ConnectionView connection, Verdict verdict) {
    List<ExplainedStep> steps = new ArrayList<>();
    boolean blocked = false;
    for (Step step : WAY) {
      if (reached(step, connection)) {
        steps.add(step(step, StepStatus.REACHED, Reason.NONE, did(step, connection)));
      } else if (blocked) {
        steps.add(step(step, StepStatus.NOT_REACHED, Reason.NONE, "Comes after " + before(step)));
      } else {
        steps.add(step(step, StepStatus.NOT_REACHED, verdict.reason(), waits(step, verdict)));
        blocked = true;
      }
    }
    addLeaving(steps, connection, verdict);
    return steps;
  }

  private static void addLeaving(
      List<ExplainedStep> steps, ConnectionView connection, Verdict verdict) {
    Step now = connection.progress().step();
    if (now == Step.LEAVING || now == Step.LEFT) {
      steps.add(step(Step.LEAVING, StepStatus.REACHED, verdict.reason(), verdict.why()));
    }
    if (now == Step.LEFT) {
      steps.add(
          step(
              Step.LEFT,
              StepStatus.REACHED,
              verdict.reason(),
              "The socket was taken out of the SOCKHASH once its queue was empty."));
    }
  }

  private static boolean reached(Step step, ConnectionView connection) {
    Step now = connection.progress().step();
    if (step == Step.JOINED && now.compareTo(Step.JOINED) > 0) {
      return connection.traffic().messagesRedirected() > 0;
    }
    return step.compareTo(now) <= 0;
  }

  private static String did(Step step, ConnectionView connection) {
    boolean active = connection.progress().side() == Side.ACTIVE;
    return switch (step) {
      case UNPAIRED -> "The connection is seen as plain TCP.";
      case PENDING ->
          active ? "This end sent the nonce." : "The nonce of the other end arrived here.";
      case PAIRED ->
          connection.peerCookie() == 0
              ? "Both ends knew each other."
              : "Both ends know each other; the other one is socket "
                  + Long.toUnsignedString(connection.peerCookie())
                  + ".";
      case ADOPTED -> "This socket was taken into the SOCKHASH.";
      case JOINED ->
          "This end redirected %d messages (%d bytes)."
              .formatted(
                  connection.traffic().messagesRedirected(),
                  connection.traffic().bytesRedirected());
      case LEAVING, LEFT -> throw new IllegalArgumentException(step.name());
    };
  }

  private static String waits(Step step, Verdict verdict) {
    if (!verdict.why().isEmpty()) {
      return verdict.why();
    }
    return step == Step.JOINED
        ? "This end has sent nothing since it was adopted."
        : "It waits for its next packet.";
  }

  private static String before(Step step) {
    return WAY.get(WAY.indexOf(step) - 1).name().toLowerCase(java.util.Locale.ROOT) + ".";
  }

  private static ExplainedStep step(Step step, StepStatus status, Reason reason, String text) {
    return new ExplainedStep(step, status, reason, text);
  }
}
