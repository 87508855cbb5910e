// SPDX-License-Identifier: Apache-2.0
// The wave of a model built with --trace-fst; its time is the core's cycle, in tenths.
#ifndef HSX_WAVE_FILE_H
#define HSX_WAVE_FILE_H

#include <cstdint>
#include <cstdio>
#include <hsx/rtl_link.h>
#include <string>
#include <verilated_fst_c.h>

class WaveFile
{
    // By default the writer keeps 128 MB and then packs them for seconds, in which
    // nothing else is done and signals are not handled.
    enum { DUMPS = 4096 };

    VerilatedFstC fst;
    hsx_rtl_wave wanted;
    std::string fst_path; // that of wanted, or of a file next to it
    uint64_t shown = 0;   // the time of the last dump
    unsigned kept = 0;    // dumps in memory
    bool fall_due = false, hold_due = false;
#ifdef HSX_WAVE_HELD
    uint64_t clocks = 0;
#endif

    void show(uint64_t cycle, uint64_t time)
    {
        if (cycle >= wanted.from && cycle <= wanted.to && time > shown) {
            fst.dump(time);
            shown = time;
            if (++kept == DUMPS) {
                fst.flush();
                kept = 0;
            }
        }
    }

    // Verilator writes one format per build: a VCD file is converted from FST. If it
    // cannot be completed it is left empty.
    void convert()
    {
        void *reader = fstReaderOpen(fst_path.c_str());
        FILE *out = fopen(wanted.path, "w");
        bool good = reader && out && fstReaderProcessHier(reader, out);
        if (good) {
            fstReaderSetFacProcessMaskAll(reader);
            good = fstReaderIterBlocks(reader, nullptr, nullptr, out) &&
                   fprintf(out, "#%llu\n", static_cast<unsigned long long>(shown)) > 0;
        }
        if (reader)
            fstReaderClose(reader);
        if (out && (fclose(out) != 0 || !good))
            out = fopen(wanted.path, "w");
        else
            out = nullptr;
        if (out)
            fclose(out);
        remove(fst_path.c_str());
    }

  public:
    explicit WaveFile(const hsx_rtl_wave &wave)
        : wanted(wave), fst_path(std::string(wave.path) + (wave.vcd ? ".fst" : ""))
    {
    }

    // False: it cannot be written.
    template <class Top> bool open(Top &top)
    {
        top.trace(&fst, 99);
        fst.set_time_unit("100ps");
        fst.set_time_resolution("100ps");
        fst.open(fst_path.c_str());
        return fst.isOpen();
    }

#ifdef HSX_WAVE_HELD
    // For counting changes: also the clocks in which the core is held, whose number is the time.
    void low(uint64_t)
    {
    }

    void high(uint64_t, bool)
    {
        show(wanted.from, ++clocks);
    }
#else
    // The falling edge is on the cycle, the rising one half a cycle earlier; after the
    // last cycle before a hold `held` is visible.
    void low(uint64_t cycle)
    {
        if (fall_due)
            show(cycle, 10 * cycle);
        fall_due = false;
    }

    void high(uint64_t cycle, bool held)
    {
        if (!held) {
            show(cycle, 10 * cycle - (hold_due ? 5 : 3));
            fall_due = true;
            hold_due = true;
        } else if (hold_due) {
            show(cycle, 10 * cycle + 5);
            hold_due = false;
        }
    }
#endif

    void close()
    {
        fst.close();
        if (wanted.vcd)
            convert();
    }
};

#endif
