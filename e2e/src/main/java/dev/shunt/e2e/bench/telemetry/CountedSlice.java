package dev.shunt.e2e.bench.telemetry;

import dev.shunt.datapath.libbpf.ProgramUsage;
import dev.shunt.e2e.bench.Estimate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What the kernel counted for a module's programs during a slice of traffic.
 *
 * @param requests that were answered meanwhile
 * @param emptyNanos that the kernel counted for a run of a program that does nothing: its own reads
 *     of the clock
 * @param programs of the module
 */
record CountedSlice(long requests, double emptyNanos, List<Program> programs) {
  private static final double NANOS_PER_MICRO = 1000;

  /** Copies the list. */
  CountedSlice {
    programs = List.copyOf(programs);
  }

  /**
   * One of them.
   *
   * @param name the kernel's
   * @param type libbpf's name of the type
   * @param usage during the slice, reads of the clock included
   */
  record Program(String name, String type, ProgramUsage usage) {
    private Lead lead() {
      return Lead.of(type, name);
    }

    private double netNanos(double emptyNanos) {
      return Math.max(0, usage.runTimeNanos() - emptyNanos * usage.runCount());
    }
  }

  private long runs() {
    return programs.stream().mapToLong(program -> program.usage().runCount()).sum();
  }

  private double netNanos() {
    return programs.stream().mapToDouble(program -> program.netNanos(emptyNanos)).sum();
  }

  double runsPerRequest() {
    return runs() / (double) requests;
  }

  /** Without the reads of the clock; 0 when there was no run. */
  double nanosPerRun() {
    return runs() == 0 ? 0 : netNanos() / runs();
  }

  /** Time in all programs, without the reads of the clock. */
  double microsPerRequest() {
    return netNanos() / NANOS_PER_MICRO / requests;
  }

  /**
   * Time that leads to the programs.
   *
   * @param costs of one run; what is not known there is left out
   * @param bound of the costs
   */
  double leadMicrosPerRequest(LeadCosts costs, ToDoubleFunction<Estimate> bound) {
    double nanos = 0;
    for (Program program : programs) {
      nanos +=
          program.usage().runCount() * costs.of(program.lead()).stream().mapToDouble(bound).sum();
    }
    return nanos / NANOS_PER_MICRO / requests;
  }

  /** Whether all that leads to the programs is known; else they cost more than can be said. */
  boolean hasAllLeads(LeadCosts costs) {
    return programs.stream().allMatch(program -> costs.of(program.lead()).isPresent());
  }

  Map<String, Object> document() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("requests", requests);
    fields.put("empty_run_nanos", emptyNanos);
    fields.put("programs", programs.stream().map(CountedSlice::document).toList());
    return fields;
  }

  private static Map<String, Object> document(Program program) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", program.name());
    fields.put("type", program.type());
    fields.put("lead", program.lead().toString());
    fields.put("runs", program.usage().runCount());
    fields.put("nanos", program.usage().runTimeNanos());
    return fields;
  }
}
