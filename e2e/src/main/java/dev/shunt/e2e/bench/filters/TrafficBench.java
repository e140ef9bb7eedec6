package dev.shunt.e2e.bench.filters;

import dev.shunt.e2e.scene.NativeProgram;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Sends packets over all lanes in turns, slice by slice, on one CPU from the sender's system call
 * to the receiver's socket. One thread.
 */
final class TrafficBench {
  /** How many CIDRs and rules. */
  private record Shape(int cidrs, int rules) {}

  private static final List<Shape> SHAPES =
      List.of(
          new Shape(10, 1),
          new Shape(1_000, 1),
          new Shape(10_000, 1),
          new Shape(10_000, 100),
          new Shape(10_000, 1_000));

  /** As they are given to the sender, which says the place in this list. */
  private static final List<Lane> LANES = List.of(Lane.values());

  /** Slices of each lane in a round. */
  private static final int SLICES = 60;

  /** Packets of a slice: well below a millisecond, so that few slices are interrupted. */
  private static final int PACKETS = 512;

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final TrafficLanes lanes;
  private final Path directory;
  private final Path program;

  /** Compiles the sender in a directory. */
  TrafficBench(TrafficLanes lanes, Path directory) {
    this.lanes = lanes;
    this.directory = directory;
    program = NativeProgram.build("/dev/shunt/e2e/frames", "shunt-frames", directory);
  }

  /** Nanoseconds a packet of every cell, by round. */
  Map<TrafficCell, List<Double>> run(int rounds, Consumer<String> progress) {
    Map<TrafficCell, List<Double>> results = new LinkedHashMap<>();
    for (int round = 1; round <= rounds; round++) {
      for (Shape shape : SHAPES) {
        measure(shape)
            .forEach(
                (lane, nanos) ->
                    results
                        .computeIfAbsent(
                            new TrafficCell(lane, shape.cidrs(), shape.rules()),
                            key -> new ArrayList<>())
                        .add(nanos));
      }
      progress.accept("traffic: round " + round + " of " + rounds);
    }
    return results;
  }

  /** Medians of the slices. */
  private Map<Lane, Double> measure(Shape shape) {
    SyntheticRules rules = new SyntheticRules(shape.cidrs(), shape.rules());
    lanes.use(rules);
    Map<Lane, List<Double>> slices = send(rules);
    lanes.requireMatches();
    Map<Lane, Double> medians = new EnumMap<>(Lane.class);
    slices.forEach((lane, nanos) -> medians.put(lane, Spread.of(nanos).median()));
    return medians;
  }

  private Map<Lane, List<Double>> send(SyntheticRules rules) {
    SceneProcess sender =
        SceneProcess.start("shunt-frames", command(rules), directory.resolve("frames.log"));
    if (sender.awaitExit(LIMIT) != 0) {
      throw new SceneException("send packets failed: " + sender.logTail());
    }
    Map<Lane, List<Double>> slices = new EnumMap<>(Lane.class);
    for (String line : sender.log().lines().toList()) {
      String[] words = line.split(" ", -1);
      if (Long.parseLong(words[2]) < PACKETS) {
        throw new SceneException(
            "send packets failed: %s of %d arrived".formatted(words[2], PACKETS));
      }
      slices
          .computeIfAbsent(LANES.get(Integer.parseInt(words[0])), lane -> new ArrayList<>())
          .add(Double.parseDouble(words[1]));
    }
    return slices;
  }

  private List<String> command(SyntheticRules rules) {
    List<String> argv = new ArrayList<>(List.of(program.toString(), frames(rules).toString()));
    argv.add(lanes.namespaces().sender().toString());
    argv.add(lanes.namespaces().receiver().toString());
    argv.add(SyntheticRules.DESTINATION);
    argv.add(Integer.toString(SyntheticRules.port(0)));
    argv.add(Integer.toString(rules.ruleCount()));
    argv.add(Integer.toString(SLICES));
    argv.add(Integer.toString(PACKETS));
    for (Lane lane : LANES) {
      argv.add("s-" + lane);
    }
    return argv;
  }

  private Path frames(SyntheticRules rules) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] frame = new byte[SyntheticRules.FRAME_BYTES];
    for (ByteBuffer packet : rules.packets()) {
      packet.get(0, frame);
      all.writeBytes(frame);
    }
    try {
      return Files.write(directory.resolve("frames"), all.toByteArray());
    } catch (IOException e) {
      throw new SceneException("write frames failed: " + e, e);
    }
  }
}
