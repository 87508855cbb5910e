// SPDX-License-Identifier: Apache-2.0
/* Records that a retirement port shows late are passed on in order, or refused. */
#include <criterion/criterion.h>
#include <hsx/reorder.h>
#include <string.h>

/* The record's pc and its cycle identify it afterwards. */
static enum hsx_status put(struct hsx_reorder *r, uint32_t order, uint64_t cycle)
{
    const struct hsx_retired retired = {
        .record = {.pc = (uint16_t)order}, .cycle = cycle, .order = order};

    return hsx_reorder_put(r, &retired);
}

static void expect_taken(struct hsx_reorder *r, uint32_t order, uint64_t cycle)
{
    struct hsx_retired retired;

    cr_assert(hsx_reorder_take(r, &retired), "%u", (unsigned)order);
    cr_expect_eq(retired.order, order);
    cr_expect_eq(retired.record.pc, (uint16_t)order);
    cr_expect_eq(retired.cycle, cycle);
}

static void expect_none(struct hsx_reorder *r)
{
    struct hsx_retired retired;

    cr_expect_not(hsx_reorder_take(r, &retired));
}

Test(reorder, records_in_order_pass_at_once)
{
    struct hsx_reorder r = {0};

    cr_assert_eq(hsx_reorder_expect(&r, 7), HSX_OK);
    for (uint32_t order = 7; order < 300; order += 2) {
        cr_expect(hsx_reorder_pass(&r, order));
        cr_assert_eq(put(&r, order + 1, order), HSX_OK);
        expect_taken(&r, order + 1, order);
    }
    cr_expect(hsx_reorder_empty(&r));
    cr_expect_eq(hsx_reorder_finish(&r), HSX_OK);
}

Test(reorder, a_late_record_goes_before_those_that_waited_for_it)
{
    for (uint32_t first = UINT32_MAX - 70; first != 70; first++) {
        struct hsx_reorder r = {0};

        cr_assert_eq(hsx_reorder_expect(&r, first), HSX_OK);
        for (uint32_t i = 1; i < HSX_REORDER_WINDOW; i++) {
            cr_assert_eq(put(&r, first + i, 100 + i), HSX_OK);
            expect_none(&r);
        }
        cr_expect_not(hsx_reorder_pass(&r, first), "others wait for it");
        cr_assert_eq(put(&r, first, 1000), HSX_OK);
        expect_taken(&r, first, 1000);
        for (uint32_t i = 1; i < HSX_REORDER_WINDOW; i++) {
            expect_taken(&r, first + i, 100 + i);
        }
        cr_expect_eq(hsx_reorder_finish(&r), HSX_OK);
    }
}

Test(reorder, several_gaps_close_in_any_order)
{
    struct hsx_reorder r = {0};

    cr_assert_eq(hsx_reorder_expect(&r, 0), HSX_OK);
    for (uint32_t block = 0; block < 100; block++) {
        static const uint8_t shown[] = {3, 1, 5, 7, 0, 4, 2, 6};
        static const uint8_t ready[] = {0, 0, 0, 0, 2, 2, 6, 8}; /* taken after each */
        uint32_t taken = 0;

        for (uint32_t i = 0; i < 8; i++) {
            cr_assert_eq(put(&r, 8 * block + shown[i], shown[i]), HSX_OK);
            for (; taken < ready[i]; taken++) {
                expect_taken(&r, 8 * block + taken, taken);
            }
            expect_none(&r);
        }
    }
    cr_expect_eq(hsx_reorder_finish(&r), HSX_OK);
}

Test(reorder, a_number_outside_of_the_window_is_refused)
{
    static const struct {
        uint32_t due, order;
        const char *message;
    } cases[] = {
        {5, 69, "order number 69 on the retirement port where 5 to 68 were due"},
        {5, 4, "order number 4 on the retirement port where 5 to 68 were due"},
        {0, UINT32_MAX, "order number 4294967295 on the retirement port where 0 to 63 were due"},
        {UINT32_MAX, 63, "order number 63 on the retirement port where 4294967295 to 62 were due"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct hsx_reorder r = {0};

        cr_assert_eq(hsx_reorder_expect(&r, cases[i].due), HSX_OK);
        cr_expect_eq(put(&r, cases[i].order, 0), HSX_ERR_MACHINE);
        cr_expect_str_eq(r.message, cases[i].message);
        cr_expect(hsx_reorder_empty(&r));
    }
}

Test(reorder, a_number_that_came_before_is_refused)
{
    struct hsx_reorder r = {0};

    cr_assert_eq(hsx_reorder_expect(&r, 0), HSX_OK);
    cr_assert_eq(put(&r, 2, 10), HSX_OK);
    cr_expect_eq(put(&r, 2, 11), HSX_ERR_MACHINE);
    cr_expect_str_eq(r.message, "order number 2 on the retirement port twice");
    cr_assert_eq(put(&r, 0, 12), HSX_OK);
    expect_taken(&r, 0, 12);
    cr_expect_eq(put(&r, 0, 13), HSX_ERR_MACHINE);
    cr_expect_str_eq(r.message, "order number 0 on the retirement port where 1 to 64 were due");
}

Test(reorder, a_number_that_never_came_is_reported_when_the_core_is_held)
{
    struct hsx_reorder r = {0};

    cr_assert_eq(hsx_reorder_expect(&r, 40), HSX_OK);
    cr_assert_eq(put(&r, 43, 1), HSX_OK);
    cr_assert_eq(put(&r, 42, 2), HSX_OK);
    cr_expect_eq(hsx_reorder_finish(&r), HSX_ERR_MACHINE);
    cr_expect_str_eq(r.message,
                     "held without order number 40 on the retirement port, but 42 was on it");
    hsx_reorder_clear(&r);
    cr_expect_eq(hsx_reorder_finish(&r), HSX_OK);
}

/* A core that is let run may show records before the harness says which one is due. */
Test(reorder, records_before_the_first_expected_one_is_known_wait)
{
    struct hsx_reorder r = {0};

    cr_expect_not(hsx_reorder_pass(&r, 0), "which is due is not known");
    cr_assert_eq(put(&r, 101, 1), HSX_OK);
    cr_assert_eq(put(&r, 100, 2), HSX_OK);
    cr_assert_eq(hsx_reorder_expect(&r, 100), HSX_OK);
    expect_taken(&r, 100, 2);
    expect_taken(&r, 101, 1);

    cr_assert_eq(hsx_reorder_finish(&r), HSX_OK);
    cr_assert_eq(put(&r, 5, 1), HSX_OK);
    cr_expect_eq(hsx_reorder_expect(&r, 6), HSX_ERR_MACHINE);
    cr_expect_str_eq(r.message, "order number 5 on the retirement port where 6 to 69 were due");
}

/* A host may drive a core over its bus alone. */
Test(reorder, records_that_nobody_asks_for_are_forgotten)
{
    struct hsx_reorder r = {0};

    for (uint32_t order = 0; order < 1000; order++) {
        cr_assert_eq(put(&r, order, order), HSX_OK);
    }
    cr_expect_eq(hsx_reorder_expect(&r, 935), HSX_ERR_MACHINE, "935 is gone");
    cr_assert_eq(hsx_reorder_expect(&r, 936), HSX_OK);
    expect_taken(&r, 936, 936);
}
