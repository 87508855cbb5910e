// SPDX-License-Identifier: Apache-2.0
/* Contract section 7: fan-out and taps. */
#include "puppet.h"
#include <criterion/criterion.h>
#include <stdlib.h>

static struct fixture fx;
static uint32_t a, b, c; /* puppets; each has app:f open as handle 4 */

static void open_three(void)
{
    puppets_open(&fx, HSX_PROFILE_DESKTOP, 16);
    a = puppet_load(&fx);
    b = puppet_load(&fx);
    c = puppet_load(&fx);
}

static void close_all(void)
{
    fx_close(&fx);
}

TestSuite(fanout, .init = open_three, .fini = close_all);
TestSuite(tap, .init = open_three, .fini = close_all);

static void make(uint32_t capacity, uint32_t mode)
{
    cr_assert_eq(p_bind(&fx, a, "app:f", capacity, mode), OK);
    cr_assert_eq(p_handle(&fx, a, "app:f", 3), 4);
    cr_assert_eq(p_handle(&fx, b, "app:f", 3), 4);
    cr_assert_eq(p_handle(&fx, c, "app:f", 3), 4);
}

static uint32_t queued(void)
{
    cr_assert_eq(puppet_call(&fx, a, PEEK, (struct args){{0, 4}}), OK);
    return fx_reg(&fx, a, 1);
}

static void expect(uint32_t pid, const char *text, uint32_t flags)
{
    cr_assert_eq(p_recv(&fx, pid, 4, 0), OK);
    p_expect_text(&fx, pid, text, flags);
}

Test(fanout, any_of_the_three_bits_makes_one)
{
    static const uint32_t modes[] = {FANOUT, DROP, BLOCK};
    static const char *const names[] = {"app:p", "app:d", "app:b"};

    for (unsigned i = 0; i < 3; i++) {
        uint32_t one = p_handle(&fx, a, names[i], modes[i]);
        uint32_t two = p_handle(&fx, b, names[i], 3);
        uint32_t three = p_handle(&fx, c, names[i], 3);

        cr_assert_eq(p_send(&fx, a, one, "all"), OK);
        cr_assert_eq(p_recv(&fx, b, two, 0), OK);
        p_expect_text(&fx, b, "all", 0);
        cr_assert_eq(p_recv(&fx, c, three, 0), OK);
        p_expect_text(&fx, c, "all", 0);
    }
}

Test(fanout, a_message_leaves_when_all_readers_have_it)
{
    make(64, FANOUT);
    cr_assert_eq(p_send(&fx, a, 4, "one"), OK);
    cr_assert_eq(p_send(&fx, a, 4, "two"), OK);
    expect(b, "one", 0);
    cr_assert_eq(queued(), 2, "c has not had it");
    expect(c, "one", 0);
    cr_assert_eq(queued(), 1);
    expect(c, "two", 0);
    cr_assert_eq(p_recv(&fx, c, 4, 0), NO_DATA);
    cr_assert_eq(p_close(&fx, b, 4), OK);
    cr_assert_eq(queued(), 0, "the reader that had not read it has gone");
}

Test(fanout, a_message_stays_while_there_is_no_reader)
{
    make(64, FANOUT);
    cr_assert_eq(p_close(&fx, b, 4), OK);
    cr_assert_eq(p_close(&fx, c, 4), OK);
    cr_assert_eq(p_send(&fx, a, 4, "alone"), OK);
    cr_assert_eq(queued(), 1);
    expect(a, "alone", 0);
    cr_assert_eq(queued(), 0, "a became a reader by receiving");
}

Test(fanout, a_new_handle_sees_only_later_messages)
{
    uint32_t late;

    make(64, FANOUT);
    cr_assert_eq(p_send(&fx, a, 4, "early"), OK);
    late = p_handle(&fx, b, "app:f", 3);
    cr_assert_eq(p_recv(&fx, b, late, 0), NO_DATA);
    cr_assert_eq(p_send(&fx, a, 4, "later"), OK);
    cr_assert_eq(p_recv(&fx, b, late, 0), OK);
    p_expect_text(&fx, b, "later", 0);
    expect(b, "early", 0);
}

Test(fanout, a_sender_is_no_reader_until_it_receives_and_keeps_its_position)
{
    make(64, FANOUT);
    cr_assert_eq(p_send(&fx, b, 4, "from b"), OK);
    cr_assert_eq(p_send(&fx, a, 4, "from a"), OK);
    expect(c, "from b", 0);
    cr_assert_eq(queued(), 1, "a and b are no readers");
    cr_assert_eq(p_send(&fx, b, 4, ""), OK);
    expect(b, "from a", 0);
    cr_assert_eq(queued(), 1, "b reads again, c has not read it");
    expect(c, "from a", 0);
    cr_assert_eq(queued(), 0);
    cr_assert_eq(p_send(&fx, a, 4, "next"), OK);
    expect(c, "next", 0);
    cr_assert_eq(queued(), 1, "b is a reader since it received");
}

Test(fanout, drop_marks_the_readers_that_lost_one)
{
    make(20, DROP);
    cr_assert_eq(p_send(&fx, a, 4, "1"), OK);
    cr_assert_eq(p_send(&fx, a, 4, "2"), OK);
    expect(b, "1", 0);
    cr_assert_eq(p_send(&fx, a, 4, "3"), OK, "drops message 1, which c has not read");
    expect(b, "2", 0);
    expect(c, "2", 8);
    expect(c, "3", 0);
    expect(b, "3", 0);
    cr_assert_eq(p_send(&fx, a, 4, "1234567890123"), TOO_LARGE, "13 + 8 > 20");
}

Test(fanout, plain_fanout_drops_like_drop)
{
    make(20, FANOUT);
    for (unsigned i = 0; i < 3; i++) {
        cr_assert_eq(p_send(&fx, a, 4, "x"), OK);
    }
    expect(b, "x", 8);
    expect(b, "x", 0);
    cr_assert_eq(p_recv(&fx, b, 4, 0), NO_DATA);
}

Test(fanout, block_refuses_instead_of_dropping)
{
    make(20, FANOUT | BLOCK);
    cr_assert_eq(p_send(&fx, a, 4, "1"), OK);
    cr_assert_eq(p_send(&fx, a, 4, "2"), OK);
    cr_assert_eq(p_send(&fx, a, 4, "3"), WOULDBLOCK);
    expect(b, "1", 0);
    cr_assert_eq(p_send(&fx, a, 4, "3"), WOULDBLOCK, "c has not read it");
    expect(c, "1", 0);
    cr_assert_eq(p_send(&fx, a, 4, "3"), OK);
}

Test(fanout, a_send_wakes_all_waiters_in_wait_order)
{
    struct hsx_ring_entry ring[16];
    size_t count;
    uint32_t woken[2] = {0};
    size_t found = 0;

    make(64, FANOUT);
    cr_assert_eq(p_recv(&fx, c, 4, FOREVER), BLOCKED);
    cr_assert_eq(p_recv(&fx, b, 4, FOREVER), BLOCKED);
    cr_assert_eq(p_send(&fx, a, 4, "all"), OK);
    p_expect_text(&fx, b, "all", 0);
    p_expect_text(&fx, c, "all", 0);
    cr_assert_eq(queued(), 0);
    count = hsx_exec_ring(fx.exec, ring, 16);
    for (size_t i = 0; i < count; i++) {
        if (ring[i].event == HSX_RING_WAKE && found < 2) {
            woken[found++] = ring[i].pid;
        }
    }
    cr_assert_eq(woken[0], c);
    cr_assert_eq(woken[1], b);
}

Test(fanout, a_new_mode_moves_every_position_to_the_end)
{
    make(64, FANOUT);
    cr_assert_eq(p_send(&fx, a, 4, "old"), OK);
    cr_assert_eq(p_bind(&fx, a, "app:f", 0, FANOUT), OK);
    expect(b, "old", 0);
    cr_assert_eq(p_bind(&fx, a, "app:f", 0, DROP), OK);
    cr_assert_eq(p_recv(&fx, c, 4, 0), NO_DATA);
    cr_assert_eq(queued(), 0);
    cr_assert_eq(p_send(&fx, a, 4, "new"), OK);
    expect(c, "new", 0);
}

Test(fanout, waiters_get_what_is_queued_when_it_becomes_single_reader)
{
    make(64, FANOUT);
    cr_assert_eq(p_send(&fx, a, 4, "kept for c"), OK);
    expect(b, "kept for c", 0);
    cr_assert_eq(p_recv(&fx, b, 4, FOREVER), BLOCKED);
    cr_assert_eq(p_bind(&fx, a, "app:f", 0, 3), OK);
    p_expect_text(&fx, b, "kept for c", 0);
    cr_assert_eq(queued(), 0);
}

Test(fanout, also_when_the_image_of_a_load_makes_it_one)
{
    const struct fx_image image = {".text\n.entry\nloop: JMP loop\n"
                                   ".mailbox {\"target\": \"app:f\", \"mode\": \"RDWR\"}\n",
                                   2, "single"};
    struct hsx_exec_error error;
    uint32_t pid;
    size_t size;
    uint8_t *bytes = fx_assemble(&image, &size);

    make(64, FANOUT);
    cr_assert_eq(p_send(&fx, a, 4, "kept for c"), OK);
    expect(b, "kept for c", 0);
    cr_assert_eq(p_recv(&fx, b, 4, FOREVER), BLOCKED);
    cr_assert_eq(hsx_exec_load(fx.exec, bytes, size, NULL, &pid, &error), HSX_OK, "%s", error.text);
    free(bytes);
    p_expect_text(&fx, b, "kept for c", 0);
    cr_assert_eq(queued(), 0);
}

Test(tap, copies_everything_from_then_on_without_taking_it)
{
    make(64, 3);
    cr_assert_eq(p_send(&fx, a, 4, "before"), OK);
    cr_assert_eq(p_tap(&fx, c, 4, 1), OK);
    cr_assert_eq(p_recv(&fx, c, 4, 0), NO_DATA, "only from TAP on");
    expect(b, "before", 0);
    cr_assert_eq(p_send(&fx, a, 4, "queued"), OK);
    expect(c, "queued", 0);
    expect(b, "queued", 0);
    cr_assert_eq(p_recv(&fx, b, 4, FOREVER), BLOCKED);
    cr_assert_eq(p_send(&fx, a, 4, "handed"), OK);
    p_expect_text(&fx, b, "handed", 0);
    expect(c, "handed", 0);
    cr_assert_eq(p_tap(&fx, c, 4, 0), OK);
    cr_assert_eq(p_send(&fx, a, 4, "mine"), OK);
    expect(c, "mine", 0);
    cr_assert_eq(p_recv(&fx, b, 4, 0), NO_DATA, "c is a common receiver again");
}

Test(tap, has_the_capacity_of_the_mailbox_and_drops_the_oldest)
{
    make(20, 3);
    cr_assert_eq(p_tap(&fx, c, 4, 1), OK);
    for (unsigned i = 0; i < 3; i++) {
        char text[2] = {(char)('1' + i), 0};

        cr_assert_eq(p_send(&fx, a, 4, text), OK);
        expect(b, text, 0);
    }
    expect(c, "2", 8);
    expect(c, "3", 0);
    cr_assert_eq(p_recv(&fx, c, 4, 0), NO_DATA);
}

Test(tap, can_be_waited_for_while_another_waits_for_the_message)
{
    make(64, 3);
    cr_assert_eq(p_tap(&fx, c, 4, 1), OK);
    cr_assert_eq(p_recv(&fx, c, 4, FOREVER), BLOCKED);
    cr_assert_eq(p_recv(&fx, b, 4, FOREVER), BLOCKED);
    cr_assert_eq(p_send(&fx, a, 4, "both"), OK);
    p_expect_text(&fx, b, "both", 0);
    p_expect_text(&fx, c, "both", 0);
}

Test(tap, is_no_fanout_reader)
{
    make(64, FANOUT);
    cr_assert_eq(p_tap(&fx, c, 4, 1), OK);
    cr_assert_eq(p_send(&fx, a, 4, "one"), OK);
    expect(b, "one", 0);
    cr_assert_eq(queued(), 0, "the tap does not hold it");
    expect(c, "one", 0);
}

Test(tap, follows_a_new_capacity)
{
    make(40, 3);
    cr_assert_eq(p_tap(&fx, c, 4, 1), OK);
    cr_assert_eq(p_send(&fx, a, 4, "aaaaaaaa"), OK);
    cr_assert_eq(p_send(&fx, a, 4, "bbbbbbbb"), OK);
    cr_assert_eq(p_bind(&fx, a, "app:f", 16, 0), OK);
    expect(b, "bbbbbbbb", 0);
    expect(c, "bbbbbbbb", 8);
}
