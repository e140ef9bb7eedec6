package dev.shunt.cli;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.shunt.v1.ForgetTraitsRequest;
import dev.shunt.v1.ListTraitsRequest;
import dev.shunt.v1.WorkloadTrait;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Traits of workloads for people and for scripts. Stateless. */
final class TraitsReport {
  private TraitsReport() {}

  static int list(NodeSession session, Output out) {
    List<WorkloadTrait> traits =
        session.node().listTraits(ListTraitsRequest.getDefaultInstance()).getTraitsList();
    String text = traits.isEmpty() ? "no trait of a workload is known\n" : table(traits);
    out.result(document("traits", traits), text);
    return ExitCode.OK;
  }

  /**
   * Forgets traits and writes which.
   *
   * @param workload as the user called it; empty for all
   */
  static int forget(NodeSession session, Output out, String workload) {
    ForgetTraitsRequest request =
        ForgetTraitsRequest.newBuilder().setWorkload(workload).setAll(workload.isEmpty()).build();
    List<WorkloadTrait> traits = session.node().forgetTraits(request).getTraitsList();
    StringBuilder text = new StringBuilder();
    for (WorkloadTrait trait : traits) {
      text.append("forgot ").append(Names.of(trait.getTrait()));
      text.append(" of ").append(workload(trait)).append('\n');
    }
    out.result(document("forgotten", traits), traits.isEmpty() ? "none is learned\n" : "" + text);
    return ExitCode.OK;
  }

  private static Map<String, Object> document(String key, List<WorkloadTrait> traits) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put(key, traits.stream().map(MessageTree::of).toList());
    return document;
  }

  private static String table(List<WorkloadTrait> traits) {
    Table table =
        Table.of(
            Table.text("WORKLOAD"),
            Table.text("POLICY"),
            Table.text("TRAIT"),
            Table.text("EFFECT"),
            Table.number("TIMES"),
            Table.number("LEARNED"),
            Table.number("LAST SEEN"),
            Table.number("EXPIRES IN"));
    Instant now = Instant.now();
    for (WorkloadTrait trait : traits) {
      boolean learned = trait.hasLearned();
      table.row(
          workload(trait),
          trait.getPolicy().isEmpty() ? "-" : trait.getPolicy(),
          Names.of(trait.getTrait()),
          Names.of(trait.getEffect()),
          learned ? Units.count(trait.getTimesSeen()) : "-",
          learned ? ago(trait.getLearned(), now) : "-",
          learned ? ago(trait.getLastSeen(), now) : "-",
          learned ? Units.nanos(nanos(trait.getExpiresIn())) : "-");
    }
    return table.render();
  }

  private static String workload(WorkloadTrait trait) {
    return trait.getCgroup().isEmpty()
        ? trait.getExecutable()
        : trait.getCgroup() + ":" + trait.getExecutable();
  }

  private static String ago(Timestamp time, Instant now) {
    Instant then = Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    double nanos = java.time.Duration.between(then, now).toNanos();
    return Units.nanos(Math.max(0, nanos)) + " ago";
  }

  private static double nanos(Duration duration) {
    return duration.getSeconds() * 1e9 + duration.getNanos();
  }
}
