package dev.shunt.e2e.verify.soak;

import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.verify.behaviour.NodeHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Measures a node from outside. One thread. */
final class NodeGauges {
  private static final Pattern ROWS = Pattern.compile("\"entries\": \"?(\\d+)");

  private record Figure(long slack, List<Long> values) {}

  private final NodeHost node;
  private final Map<String, Figure> figures = new LinkedHashMap<>();

  NodeGauges(NodeHost node) {
    this.node = node;
  }

  /** Takes one sample of each figure. */
  void sample() {
    Path process = Path.of("/proc", Long.toString(node.pid()));
    add("rss_kib", 4096, field(process.resolve("status"), "VmRSS:"));
    add("threads", 4, field(process.resolve("status"), "Threads:"));
    add("descriptors", 8, files(process.resolve("fd")).size());
    add("map_rows", 64, rows());
    add("map_memory_kib", 1024, mapMemory(process.resolve("fdinfo")) / 1024);
    add("host_slab_kib", 65536, field(Path.of("/proc/meminfo"), "SUnreclaim:"));
  }

  /** All figures so far. */
  List<Gauge> gauges() {
    return figures.entrySet().stream()
        .map(each -> new Gauge(each.getKey(), each.getValue().slack(), each.getValue().values()))
        .toList();
  }

  private void add(String name, long slack, long value) {
    figures.computeIfAbsent(name, any -> new Figure(slack, new ArrayList<>())).values().add(value);
  }

  private long rows() {
    Matcher found = ROWS.matcher(node.ask("stats").document());
    long rows = 0;
    while (found.find()) {
      rows += Long.parseLong(found.group(1));
    }
    return rows;
  }

  /** What the kernel accounts for the maps that the node holds open. */
  private static long mapMemory(Path descriptors) {
    long bytes = 0;
    for (Path info : files(descriptors)) {
      bytes += optionalField(info, "memlock:");
    }
    return bytes;
  }

  private static List<Path> files(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    } catch (IOException e) {
      throw new SceneException("read " + directory + " failed: " + e, e);
    }
  }

  private static long field(Path file, String name) {
    long value = optionalField(file, name);
    if (value <= 0) {
      throw new SceneException("read " + name + " of " + file + " failed: it is not there");
    }
    return value;
  }

  /** 0 when the file has none, or has gone meanwhile. */
  private static long optionalField(Path file, String name) {
    try {
      return Files.readString(file)
          .lines()
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
