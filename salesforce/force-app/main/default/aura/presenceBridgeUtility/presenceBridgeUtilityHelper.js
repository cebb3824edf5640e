// The way there and back. Everything that is decided is decided in the Lightning web component.
({
    /** What each event carries, as documented; read one by one, because the companion needs plain values. */
    PARAMS: {
        connectionError: ['error'],
        loginSuccess: ['statusId'],
        logout: ['reason'],
        statusChanged: ['statusId', 'statusApiName', 'statusName', 'reason'],
        workAssigned: ['workId', 'workItemId'],
        workAccepted: ['workId', 'workItemId'],
        workDeclined: ['workId', 'workItemId'],
        workClosed: ['workId', 'workItemId'],
        workloadChanged: ['configuredCapacity', 'previousWorkload', 'newWorkload']
    },

    tell: function (component, name, event) {
        var companion = component.find('companion');
        if (!companion) {
            return;
        }
        var params = {};
        this.PARAMS[name].forEach(function (key) {
            params[key] = event.getParam(key);
        });
        companion.toolkitEvent({ name: name, params: params });
    },

    ask: function (component, question) {
        var answer = $A.getCallback(function (outcome) {
            var companion = component.isValid() && component.find('companion');
            if (companion) {
                outcome.call = question.call;
                companion.toolkitAnswer(outcome);
            }
        });
        var toolkit = component.find('toolkit');
        if (!toolkit) {
            answer({ ok: false, message: 'Omni-Channel is not loaded yet.' });
            return;
        }
        var self = this;
        try {
            var asked = question.args ? toolkit[question.method](question.args) : toolkit[question.method]();
            asked.then(
                function (result) {
                    answer({ ok: true, result: result });
                },
                function (error) {
                    answer({ ok: false, message: self.wordsOf(error) });
                }
            );
        } catch (error) {
            answer({ ok: false, message: this.wordsOf(error) });
        }
    },

    /** What a refusal of the toolkit looks like is not documented. */
    wordsOf: function (error) {
        if (typeof error === 'string') {
            return error;
        }
        return (error && (error.message || (error[0] && error[0].message))) || JSON.stringify(error) || '';
    }
})
