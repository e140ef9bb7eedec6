package dev.shunt.datapath.programs;

import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.ProbeLink;
import dev.shunt.datapath.libbpf.UserCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Attaches a module to code of programs, file by file. Used by one thread at a time; what it
 * attached is to be closed before the {@link OpenTrace} that it is of, which closes the rest.
 */
public final class CodeProbes implements AutoCloseable {
  private final BpfObject object;
  private final List<CodeProbe> probes;
  private final List<Attachment> attachments = new ArrayList<>();

  CodeProbes(BpfObject object, List<CodeProbe> probes) {
    this.object = object;
    this.probes = List.copyOf(probes);
  }

  /** All probes of one file. */
  public final class Attachment implements AutoCloseable {
    private final List<ProbeLink> links = new ArrayList<>();

    @Override
    public void close() {
      links.forEach(ProbeLink::close);
      links.clear();
      attachments.remove(this);
    }
  }

  /**
   * Attaches every probe of the module.
   *
   * @throws BpfException of that probe, whose place is its object: one that the module needs is not
   *     there, or the process has ended; nothing is left behind
   */
  public Attachment attach(UserCode code) {
    Attachment attachment = new Attachment();
    attachments.add(attachment);
    try {
      for (CodeProbe probe : probes) {
        attach(probe, code, attachment);
      }
      return attachment;
    } catch (BpfException failed) {
      attachment.close();
      throw failed;
    }
  }

  private void attach(CodeProbe probe, UserCode code, Attachment attachment) {
    try {
      attachment.links.add(probe.attach().to(object, code));
    } catch (BpfException failed) {
      if (!probe.isOptional() || !failed.errnoName().equals("ENOENT")) {
        BpfException named = new BpfException(failed.operation(), probe.place(), failed.errno());
        named.initCause(failed);
        throw named;
      }
    }
  }

  @Override
  public void close() {
    List.copyOf(attachments).forEach(Attachment::close);
  }
}
