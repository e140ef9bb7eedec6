package dev.shunt.cli;

import dev.shunt.v1.Denial;
import dev.shunt.v1.FilterMode;
import dev.shunt.v1.FiltersGrpc;
import dev.shunt.v1.WatchDenialsRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/**
 * A stream of denials for people and for scripts.
 *
 * @param out where they go
 * @param limit ends after so many; 0 means never
 */
record DenialsReport(Output out, int limit) {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  /** Writes denials until interrupted. */
  int watch(NodeSession session) {
    return write(session.filterStream());
  }

  /** Writes denials for some seconds. */
  int look(NodeSession session, int seconds) {
    try {
      return write(session.filterStream().withDeadlineAfter(seconds, TimeUnit.SECONDS));
    } catch (StatusRuntimeException ended) {
      if (ended.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED) {
        return ExitCode.OK;
      }
      throw ended;
    }
  }

  private int write(FiltersGrpc.FiltersBlockingStub node) {
    Iterator<Denial> denials = node.watchDenials(WatchDenialsRequest.getDefaultInstance());
    int written = 0;
    while ((limit == 0 || written < limit) && denials.hasNext()) {
      Denial denial = denials.next();
      if (!out.item(MessageTree.of(denial), out.isText() ? text(denial) : "")) {
        break;
      }
      written++;
    }
    return ExitCode.OK;
  }

  private String text(Denial denial) {
    Instant time =
        Instant.ofEpochSecond(denial.getTime().getSeconds(), denial.getTime().getNanos());
    String lost =
        denial.getLost() == 0
            ? ""
            : out.paint().warning("%d denials lost here%n".formatted(denial.getLost()));
    return lost
        + "%s  %-9s  %s  %s %s %s  %s%n"
            .formatted(
                CLOCK.format(time),
                denial.getMode() == FilterMode.FILTER_MODE_MONITOR ? "monitored" : "denied",
                denial.getRule().isEmpty() ? "-" : denial.getRule(),
                denial.getProtocol(),
                denial.getCause().replace("_", " "),
                ends(denial),
                who(denial));
  }

  private static String ends(Denial denial) {
    String to = Addresses.join(denial.getDestinationAddress(), denial.getDestinationPort());
    return denial.getSourceAddress().isEmpty()
        ? "-> " + to
        : Addresses.join(denial.getSourceAddress(), denial.getSourcePort()) + " -> " + to;
  }

  private static String who(Denial denial) {
    if (denial.getPid() == 0) {
      return "at " + denial.getAt();
    }
    return "by %s (pid %d, cgroup %s, netns %s)"
        .formatted(
            denial.getExecutable().isEmpty() ? denial.getCommand() : denial.getExecutable(),
            Integer.toUnsignedLong(denial.getPid()),
            denial.getCgroup().isEmpty() ? "-" : denial.getCgroup(),
            denial.getNamespace());
  }
}
