package dev.shunt.agent.trace;

import dev.shunt.datapath.programs.TraceProgram;
import java.nio.ByteBuffer;
import java.util.List;

/** Tells each record as a row. On the thread of the session. */
final class RowTelling implements TraceTelling {
  private final TraceProgram program;
  private final TraceTranslation translation;

  RowTelling(TraceProgram program, TraceTranslation translation) {
    this.program = program;
    this.translation = translation;
  }

  @Override
  public void begin(TraceReader reader) {
    // nothing of before is told
  }

  @Override
  public void record(ByteBuffer bytes, List<TraceReader> readers) {
    TraceTranslation.Addressed record = translation.read(program, bytes);
    for (TraceReader reader : readers) {
      if (reader.gets(record.readers(), record.nanos())) {
        reader.offer(record.event());
      }
    }
  }

  @Override
  public void tell(TraceReader reader, long now) {
    // a row is told when it comes
  }

  @Override
  public void tellLast(TraceReader reader) {
    // nothing is kept
  }

  @Override
  public void refresh() {
    translation.refresh();
  }
}
