package dev.shunt.e2e.bench.socket;

import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.BpfMap;
import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.Fd;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.Linux;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneUnavailableException;
import dev.shunt.e2e.scene.Teardown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A sockops program and an sk_msg program that somebody else wrote, attached to one place's cgroup
 * and to the socket map that both use. One thread; {@link #close} detaches them.
 */
final class ThirdPartyCover implements Cover {
  /** enum bpf_prog_type and enum bpf_map_type of linux/bpf.h. */
  private static final int SOCK_OPS = 13;

  private static final int SK_MSG = 16;
  private static final int SOCKMAP = 15;
  private static final int SOCKHASH = 18;

  private final Teardown teardown = new Teardown();

  private ThirdPartyCover() {}

  static ThirdPartyCover attach(Comparison comparison, Path cgroup) {
    ThirdPartyCover cover = new ThirdPartyCover();
    try {
      cover.load(comparison, cgroup);
      return cover;
    } catch (BpfException | SceneException refused) {
      cover.close();
      throw new SceneUnavailableException(
          "attach --compare " + comparison.name() + " failed: " + refused.getMessage());
    }
  }

  private void load(Comparison comparison, Path cgroup) {
    Libbpf libbpf = new Libbpf();
    BpfObject sockops = open(libbpf, comparison.sockops());
    sockops.load();
    BpfMap sockets = socketMap(sockops, comparison.sockops());
    BpfObject verdict = sockops;
    if (!comparison.verdict().equals(comparison.sockops())) {
      verdict = open(libbpf, comparison.verdict());
      for (String name : verdict.mapNames()) {
        if (sockops.mapNames().contains(name)) {
          verdict.reuse(name, sockops.map(name));
        }
      }
      verdict.load();
    }
    verdict.program(program(verdict, SK_MSG, comparison.verdict())).attachSkMsg(sockets);
    Fd directory = teardown.add(Linux.open(cgroup));
    teardown.add(
        sockops.program(program(sockops, SOCK_OPS, comparison.sockops())).attachCgroup(directory));
  }

  private BpfObject open(Libbpf libbpf, Path file) {
    try {
      BpfObject object =
          teardown.add(libbpf.open(String.valueOf(file.getFileName()), Files.readAllBytes(file)));
      for (String name : object.programNames()) {
        int type = object.programType(name);
        if (type != SOCK_OPS && type != SK_MSG) {
          object.skipProgram(name);
        }
      }
      return object;
    } catch (IOException e) {
      throw new SceneException("read " + file + " failed: " + e, e);
    }
  }

  private static BpfMap socketMap(BpfObject object, Path file) {
    return object.mapNames().stream()
        .map(object::map)
        .filter(map -> map.shape().type() == SOCKHASH || map.shape().type() == SOCKMAP)
        .findFirst()
        .orElseThrow(() -> new SceneException("find a SOCKHASH or SOCKMAP in " + file + " failed"));
  }

  private static String program(BpfObject object, int type, Path file) {
    return object.programNames().stream()
        .filter(name -> object.programType(name) == type)
        .findFirst()
        .orElseThrow(
            () ->
                new SceneException(
                    "find a %s program in %s failed"
                        .formatted(type == SK_MSG ? "sk_msg" : "sockops", file)));
  }

  @Override
  public void awaitReady() {}

  @Override
  public long cpuMicros() {
    return 0;
  }

  @Override
  public void close() {
    teardown.close();
  }
}
