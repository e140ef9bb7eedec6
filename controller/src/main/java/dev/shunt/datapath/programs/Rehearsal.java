package dev.shunt.datapath.programs;

import dev.shunt.datapath.events.RingBufferReader;
import dev.shunt.datapath.layout.FilterPoint;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.maps.ConnectMaps;
import dev.shunt.desired.connect.ConnectTables;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Goes the ways of the first packet filter and the first connect policy up to attaching, on maps of
 * its own. Leaves nothing in the kernel. Any thread.
 */
public final class Rehearsal {
  private Rehearsal() {}

  /**
   * Of {@link FilterStage}.
   *
   * @param pages of some rule set
   * @throws BpfException the kernel refused
   */
  public static void packets(Libbpf libbpf, List<ByteBuffer> pages) {
    try (FilterDatapath datapath = FilterDatapath.load(libbpf);
        RingBufferReader ring = new RingBufferReader(datapath.maps().denials(), bytes -> {})) {
      datapath.maps().put(List.of(new FilterPoint(1, FilterPoint.TC_EGRESS)), pages);
      datapath.program(FilterDatapath.Hook.EGRESS);
      datapath.maps().clear(0);
      datapath.maps().hits(0);
      datapath.maps().totals();
      ring.drain();
    }
  }

  /**
   * Of {@link ConnectDatapath}, without the LSM hook.
   *
   * @param tables of some rules
   * @throws BpfException the kernel refused
   */
  public static void connects(Libbpf libbpf, ConnectTables tables) {
    try (BpfObject object = ConnectImage.loadUnpinned(libbpf);
        ConnectMaps maps = new ConnectMaps(object::map)) {
      maps.replace(tables);
      maps.totals();
    }
  }
}
